"""What an odometer showed at a customer's door, by car; and why a manager gave back what somebody else had."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Create the table; what was signed before keeps its reading in its document."""
    op.create_table(
        "odometer_reading",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("odometer_reading_pkey")),
    )
    op.create_index(op.f("odometer_reading_dealer_id_vehicle_id_ix"), "odometer_reading", ["dealer_id", "vehicle_id"])
    op.add_column("custody_hand_over", sa.Column("reason", sa.String(length=300), nullable=True))
    separate_dealers(op, ("odometer_reading",))  # type: ignore[arg-type]  # as in 0001
