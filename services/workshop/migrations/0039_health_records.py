"""Health records of closed orders, how long they may be unsent, and where a part comes from."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Create the table and the columns."""
    op.create_table(
        "health_record",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("document", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("health_record_pkey")),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name="health_record_dealer_id_work_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "revision", name=op.f("health_record_dealer_id_work_order_id_revision_key")
        ),
    )
    op.create_index(
        op.f("health_record_dealer_id_state_closed_at_id_ix"), "health_record", ["dealer_id", "state", "closed_at", "id"]
    )
    op.add_column("file_settings", sa.Column("record_hours", sa.BigInteger(), nullable=False, server_default="24"))
    op.add_column("part_price", sa.Column("source", sa.String(length=12), nullable=True))
    separate_dealers(op, ("health_record",))  # type: ignore[arg-type]  # as in 0001
