"""Promised times: the first one, those that followed, when they were at risk; parts on special order; when the shop is open."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0026"
down_revision = "0025"

KEY = "promise_revision_dealer_id_work_order_id_revision_number_key"


def _table(name: str, *items: sa.Column[object] | sa.Constraint, root: bool = False) -> None:
    versioned: tuple[sa.Column[object], ...] = (
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        *(versioned if root else ()),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def _of_order(table: str, column: str = "work_order_id") -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["dealer_id", column],
        ["work_order.dealer_id", "work_order.id"],
        name=op.f(f"{table}_dealer_id_{column}_fkey"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """Create tables and columns; what is recorded of a promise is never changed."""
    op.add_column("team_settings", sa.Column("opens_at", sa.String(length=5), nullable=False, server_default="08:00"))
    op.add_column("team_settings", sa.Column("finishing_minutes", sa.BigInteger(), nullable=False, server_default="30"))
    op.add_column("team_settings", sa.Column("reserve_minutes", sa.BigInteger(), nullable=False, server_default="30"))
    _table(
        "promise",
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("promised_at", UtcDateTime(), nullable=False),
        sa.Column("revisions", sa.BigInteger(), nullable=False),
        sa.Column("at_risk_at", UtcDateTime(), nullable=True),
        sa.Column("expected_at", UtcDateTime(), nullable=True),
        _of_order("promise", "id"),
        root=True,
    )
    at_risk = sa.text("at_risk_at IS NOT NULL")
    op.create_index(
        "promise_at_risk_ix", "promise", ["dealer_id", "at_risk_at", "id"], postgresql_where=at_risk, sqlite_where=at_risk
    )
    _table(
        "promise_revision",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision_number", sa.BigInteger(), nullable=False),
        sa.Column("moved_by", sa.String(length=20), nullable=False),
        sa.Column("promised_at", UtcDateTime(), nullable=False),
        sa.Column("previous_at", UtcDateTime(), nullable=True),
        sa.Column("estimate_version", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        _of_order("promise_revision"),
        sa.UniqueConstraint("dealer_id", "work_order_id", "revision_number", name=KEY),
    )
    _table(
        "promise_risk",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("promised_at", UtcDateTime(), nullable=False),
        sa.Column("expected_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        _of_order("promise_risk"),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "promised_at", name=op.f("promise_risk_dealer_id_work_order_id_promised_at_key")
        ),
    )
    _table(
        "awaited_part",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("facts", document, nullable=False),
    )
    op.create_index("awaited_part_appointment_ix", "awaited_part", ["dealer_id", "appointment_id"])
    separate_dealers(op, ("promise", "promise_revision", "promise_risk", "awaited_part"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("promise_revision", "promise_risk"))  # type: ignore[arg-type]  # as in 0001
