"""The tables of parts, and the trigger that keeps the ledger as it was written."""

from alembic import op

from chassis.migrations import create_chassis_tables, create_dealer_tables
from services.parts.domain import deduction, price_import, receiving  # noqa: F401  # all tables stand in Base.metadata
from services.parts.domain.model import Base

revision = "0001"
down_revision = None

_IMMUTABLE = {
    "postgresql": (
        """
        CREATE FUNCTION stock_move_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'stock moves are never changed: correct them by a move'
                USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """,
        "CREATE TRIGGER stock_move_immutable BEFORE UPDATE OR DELETE ON stock_move "
        "FOR EACH ROW EXECUTE FUNCTION stock_move_is_immutable()",
        "CREATE TRIGGER stock_move_untruncated BEFORE TRUNCATE ON stock_move "
        "FOR EACH STATEMENT EXECUTE FUNCTION stock_move_is_immutable()",
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER stock_move_no_{verb} BEFORE {verb} ON stock_move "
        "BEGIN SELECT RAISE(ABORT, 'stock moves are never changed: correct them by a move'); END"
        for verb in ("UPDATE", "DELETE")
    ),
}


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    create_dealer_tables(op, Base.metadata)  # type: ignore[arg-type]  # as above
    for statement in _IMMUTABLE[op.get_bind().dialect.name]:
        op.execute(statement)
