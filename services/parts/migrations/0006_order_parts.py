"""Parts that orders wait for, and for whom a line of a purchase order is."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "order_part",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=True),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("asked_for", sa.String(length=40), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("wanted_by", UtcDateTime(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("purchase_order_id", IdType, nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("here_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("order_part_pkey")),
        sa.UniqueConstraint("dealer_id", "work_order_id", "asked_for", name="order_part_request_key"),
    )
    op.create_index("order_part_wanted", "order_part", ["dealer_id", "state", "wanted_by", "id"])
    op.add_column("purchase_line", sa.Column("ordered_for", IdType, nullable=True))
    separate_dealers(op, ("order_part",))  # type: ignore[arg-type]  # as in 0001
