"""Which vehicle waits in the lane, where that is known: two with one plate are two. And what its customer said there."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType
from chassis.store.migrations import backfill

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Create the columns; what stands there now is known by its plate."""
    op.add_column("lane_car", sa.Column("vehicle_id", IdType, nullable=True))
    op.add_column("lane_car", sa.Column("said_here", sa.String(length=300), nullable=True))
    undone = "appointment_id IS NULL AND concern IS NOT NULL"
    backfill(op, "lane_car", "said_here = substr(concern, 1, 300), concern = NULL", undone)  # type: ignore[arg-type]  # as in 0001
    op.drop_index("lane_car_here_key", "lane_car")
    for name, column, which in (
        ("lane_car_here_key", "plate_key", "left_at IS NULL AND vehicle_id IS NULL"),
        ("lane_car_vehicle_key", "vehicle_id", "left_at IS NULL"),
    ):
        here = sa.text(which)
        op.create_index(name, "lane_car", ["dealer_id", column], unique=True, postgresql_where=here, sqlite_where=here)
