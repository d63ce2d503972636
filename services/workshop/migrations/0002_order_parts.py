"""What parts announced of the parts set aside for an order, and the final inspections as they were signed."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, document
from chassis.store.migrations import separate_dealers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "order_parts",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("order_parts_pkey")),
    )
    ours, theirs = ["dealer_id", "work_order_id"], ["work_order.dealer_id", "work_order.id"]
    op.create_table(
        "inspection",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("inspection_pkey")),
        sa.ForeignKeyConstraint(ours, theirs, name=op.f("inspection_dealer_id_work_order_id_fkey"), ondelete="CASCADE"),
    )
    op.create_index(op.f("inspection_work_order_id_ix"), "inspection", ["work_order_id"], unique=False)
    separate_dealers(op, ("order_parts", "inspection"))  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
