"""The tables of the first release, and the triggers that keep documents as they were issued (Rule L2, docs/domain.md)."""

from alembic import op

from chassis.migrations import create_chassis_tables, create_dealer_tables
from services.billing.domain import (  # noqa: F401  # their tables stand in Base.metadata
    account,
    gate_pass,
    invoice,
    ledger,
    numbers,
    task,
    tax,
    tax_number,
)
from services.billing.domain.model import Base

revision = "0001"
down_revision = None

NEVER_CHANGED = ("invoice", "payment", "customer_credit", "tax_number")


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    create_dealer_tables(op, Base.metadata)  # type: ignore[arg-type]  # as above
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "USING ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' is never changed or deleted'; END $$"
        )
        for table in NEVER_CHANGED:
            op.execute(
                f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
    else:
        for table in NEVER_CHANGED:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is never changed or deleted'); END"
                )
