"""One-time links, of whose tokens only the hash is kept (Rule W8)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "signing_link",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("document_version", sa.BigInteger(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome_id", IdType, nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("signing_link_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("signing_link_pkey")),
        sa.UniqueConstraint("dealer_id", "token_hash", name=op.f("signing_link_dealer_id_token_hash_key")),
    )
    op.create_index(
        op.f("signing_link_dealer_id_work_order_id_id_ix"), "signing_link", ["dealer_id", "work_order_id", "id"], unique=False
    )
    separate_dealers(op, ("signing_link",))  # type: ignore[arg-type]  # as in 0001
