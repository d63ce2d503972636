"""Teams, technicians' own shifts, absences."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0017"
down_revision = "0016"


def _table(name: str, *items: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def upgrade() -> None:
    """Create the tables."""
    _table(
        "team",
        sa.Column("team_name", sa.String(length=60), nullable=False),
        sa.Column("leader", sa.String(length=64), nullable=False),
        sa.Column("members", document, nullable=False),
        sa.Column("shifts", document, nullable=False),
        sa.Column("disbanded_at", UtcDateTime(), nullable=True),
    )
    working = sa.text("disbanded_at IS NULL")
    op.create_index("team_working_ix", "team", ["dealer_id", "id"], postgresql_where=working, sqlite_where=working)
    _table(
        "shift_plan",
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("shifts", document, nullable=False),
    )
    _table(
        "absence",
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
    )
    counting = sa.text("cancelled_at IS NULL")
    op.create_index(
        "absence_counting_ix", "absence", ["dealer_id", "until_at", "id"], postgresql_where=counting, sqlite_where=counting
    )
    separate_dealers(op, ("team", "shift_plan", "absence"))  # type: ignore[arg-type]  # as in 0001
