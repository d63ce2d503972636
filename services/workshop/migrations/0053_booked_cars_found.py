"""A car's appointments are found by the car."""

from alembic import op

from chassis.store.migrations import build_index

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    """Create the index, without anybody waiting."""
    columns = ["dealer_id", "vehicle_id"]
    build_index(op, "followed_appointment_vehicle_ix", "followed_appointment", columns)  # type: ignore[arg-type]  # as in 0001
