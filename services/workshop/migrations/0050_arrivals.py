"""Which cars came on a day is asked by the day."""

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Nothing of what is known changes."""
    op.create_index("lane_car_arrived_ix", "lane_car", ["dealer_id", "arrived_at"])
