"""Special orders."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "special_order",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("order_number", sa.String(length=20), nullable=True),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("asked_for", sa.String(length=40), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("wanted_by", UtcDateTime(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("special_order_pkey")),
        sa.UniqueConstraint("dealer_id", "appointment_id", "asked_for", name="special_order_request_key"),
    )
    op.create_index("special_order_wanted", "special_order", ["dealer_id", "state", "wanted_by", "id"], unique=False)
    separate_dealers(op, ("special_order",))  # type: ignore[arg-type]  # as in 0001
