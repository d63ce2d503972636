"""The wash of cars whose customers want it."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table, and have the database keep what was signed."""
    op.add_column(
        "workshop_settings", sa.Column("wash_timing", sa.String(length=12), nullable=False, server_default="after_check")
    )
    op.create_table(
        "wash",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("timing", sa.String(length=12), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("begun_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("document", document, nullable=True),
        sa.Column("signature", document, nullable=True),
        sa.Column("skipped_by", sa.String(length=64), nullable=True),
        sa.Column("skipped_because", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"],
            ["work_order.dealer_id", "work_order.id"],
            name="wash_dealer_id_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("wash_pkey")),
    )
    unfinished = sa.text("ended_at IS NULL")
    op.create_index("wash_open_ix", "wash", ["dealer_id", "id"], postgresql_where=unfinished, sqlite_where=unfinished)
    separate_dealers(op, ("wash",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("wash",), when="OLD.ended_at IS NOT NULL")  # type: ignore[arg-type]  # as in 0001
