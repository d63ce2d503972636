"""Equipment and tools: the register, services and calibrations, what was told of them, and tools that are lent."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0011"
down_revision = "0010"


def _table(name: str, *items: sa.Column[object] | sa.Constraint, root: bool = True) -> None:
    of_a_root = (
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        *(of_a_root if root else ()),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def _of_equipment(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["dealer_id", "equipment_id"],
        ["equipment.dealer_id", "equipment.id"],
        name=op.f(f"{table}_dealer_id_equipment_id_fkey"),
        ondelete="CASCADE",
    )


def _index(name: str, table: str, columns: list[str], *, unique: bool = False, only: str | None = None) -> None:
    condition = None if only is None else sa.text(only)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


def upgrade() -> None:
    """Create the tables, and have the database keep what is never changed."""
    op.add_column("workshop_settings", sa.Column("equipment_notice_days", sa.BigInteger(), nullable=False, server_default="14"))
    _table(
        "equipment",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("code_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("bay", sa.String(length=20), nullable=True),
        sa.Column("bay_key", sa.String(length=20), nullable=True),
        sa.Column("units", document, nullable=False),
        sa.Column("last_serviced_on", sa.Date(), nullable=True),
        sa.Column("last_result", sa.String(length=8), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("retired_because", sa.String(length=300), nullable=True),
        sa.UniqueConstraint("dealer_id", "code_key", name=op.f("equipment_dealer_id_code_key_key")),
    )
    in_use = "retired_because IS NULL"
    _index("equipment_due_ix", "equipment", ["dealer_id", "due_on", "id"], only=in_use)
    _index("equipment_bay_ix", "equipment", ["dealer_id", "bay_key"], only=in_use)
    _index("equipment_kind_ix", "equipment", ["dealer_id", "kind", "code_key"], only=in_use)
    _table(
        "equipment_service",
        sa.Column("equipment_id", IdType, nullable=False),
        sa.Column("serviced_on", sa.Date(), nullable=False),
        sa.Column("serviced_by", sa.String(length=120), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _of_equipment("equipment_service"),
        root=False,
    )
    _index("equipment_service_dealer_id_equipment_id_id_ix", "equipment_service", ["dealer_id", "equipment_id", "id"])
    _table(
        "equipment_notice",
        sa.Column("equipment_id", IdType, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("notice", sa.String(length=8), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        _of_equipment("equipment_notice"),
    )
    _index("equipment_notice_dealer_id_equipment_id_due_on_ix", "equipment_notice", ["dealer_id", "equipment_id", "due_on"])
    _table(
        "tool_loan",
        sa.Column("equipment_id", IdType, nullable=False),
        sa.Column("borrower", sa.String(length=64), nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.Column("returned_at", UtcDateTime(), nullable=True),
        sa.Column("received_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        _of_equipment("tool_loan"),
    )
    out = "returned_at IS NULL"
    _index("tool_loan_out_key", "tool_loan", ["dealer_id", "equipment_id"], unique=True, only=out)
    _index("tool_loan_out_ix", "tool_loan", ["dealer_id", "id"], only=out)
    _index("tool_loan_order_ix", "tool_loan", ["dealer_id", "work_order_id", "id"])
    _index("tool_loan_borrower_ix", "tool_loan", ["dealer_id", "borrower", "id"])
    _index("tool_loan_tool_ix", "tool_loan", ["dealer_id", "equipment_id", "id"])
    tables = ("equipment", "equipment_service", "equipment_notice", "tool_loan")
    separate_dealers(op, tables)  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("equipment_service", "equipment_notice"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("tool_loan",), when="OLD.returned_at IS NOT NULL")  # type: ignore[arg-type]  # as in 0001
