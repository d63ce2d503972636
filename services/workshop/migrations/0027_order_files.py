"""The order's file: what must be in it, papers that were filed, and files as they were sealed."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Create the tables; an order knows when its car left, and a slip what was signed."""
    op.create_table(
        "file_settings",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("mandatory", document, nullable=False),
        sa.Column("keep_years", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("file_settings_pkey")),
    )
    op.create_table(
        "sealed_file",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("document", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("sealed_file_pkey")),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"],
            ["work_order.dealer_id", "work_order.id"],
            name="sealed_file_dealer_id_id_fkey",
            ondelete="CASCADE",
        ),
    )
    for column in ("vin", "plate_key", "order_number"):
        op.create_index(op.f(f"sealed_file_dealer_id_{column}_ix"), "sealed_file", ["dealer_id", column])
    op.create_table(
        "filed_paper",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("attachment_id", IdType, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=120), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("filed_paper_pkey")),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name="filed_paper_dealer_id_work_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "attachment_id", name=op.f("filed_paper_dealer_id_work_order_id_attachment_id_key")
        ),
    )
    op.add_column("work_order", sa.Column("left_at", UtcDateTime(), nullable=True))
    op.add_column("work_order", sa.Column("departure", document, nullable=True))
    op.add_column("followed_slip", sa.Column("signature", document, nullable=True))
    separate_dealers(op, ("file_settings", "sealed_file", "filed_paper"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("sealed_file", "filed_paper"))  # type: ignore[arg-type]  # as in 0001
