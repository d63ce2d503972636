"""Attachments, which are never changed, and how much a dealer has stored (Rule W31)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables, and the dealer's limits."""
    for name, usual in (("photo_megabytes", "20"), ("video_seconds", "60")):
        op.add_column("workshop_settings", sa.Column(name, sa.BigInteger(), nullable=False, server_default=usual))
    op.create_table(
        "attachment",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("job", sa.BigInteger(), nullable=True),
        sa.Column("line_id", IdType, nullable=True),
        sa.Column("item", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.String(length=30), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("thumbnail", sa.Boolean(), nullable=False),
        sa.Column("attached_by", sa.String(length=64), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("attachment_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("attachment_pkey")),
    )
    op.create_index(
        op.f("attachment_dealer_id_work_order_id_id_ix"), "attachment", ["dealer_id", "work_order_id", "id"], unique=False
    )
    op.create_index(op.f("attachment_dealer_id_sha256_ix"), "attachment", ["dealer_id", "sha256"], unique=False)
    op.create_table(
        "stored_volume",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("of", sa.String(length=10), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "of", name=op.f("stored_volume_pkey")),
    )
    separate_dealers(op, ("attachment", "stored_volume"))  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    forbid_changes(op, ("attachment",))  # type: ignore[arg-type]  # as above
