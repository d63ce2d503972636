"""The customer's links to their orders, of whose tokens only the hash is kept (Rule W17)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Create the table, and how long they last and whom they name."""
    op.create_table(
        "visit_link",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("visit_link_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("visit_link_pkey")),
        sa.UniqueConstraint("dealer_id", "token_hash", name=op.f("visit_link_dealer_id_token_hash_key")),
    )
    op.create_index(
        op.f("visit_link_dealer_id_work_order_id_id_ix"), "visit_link", ["dealer_id", "work_order_id", "id"], unique=False
    )
    separate_dealers(op, ("visit_link",))  # type: ignore[arg-type]  # as in 0001
    op.add_column(
        "workshop_settings", sa.Column("visit_link_days", sa.BigInteger(), nullable=False, server_default=sa.text("30"))
    )
    op.add_column("workshop_settings", sa.Column("service_phone", sa.String(length=30), nullable=True))
