"""Rescue cases."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rescue",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("caller_name", sa.String(length=120), nullable=False),
        sa.Column("caller_phone", sa.String(length=30), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("trouble", sa.String(length=1000), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("reported_to", sa.String(length=64), nullable=False),
        sa.Column("tow_firm", sa.String(length=120), nullable=True),
        sa.Column("tow_phone", sa.String(length=30), nullable=True),
        sa.Column("expected_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("closed_because", sa.String(length=300), nullable=True),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("rescue_pkey")),
    )
    op.create_index("rescue_state_ix", "rescue", ["dealer_id", "is_open", "id"])
    separate_dealers(op, ("rescue",))  # type: ignore[arg-type]  # as in 0001
