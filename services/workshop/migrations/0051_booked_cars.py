"""Of which car an appointment is: who opens an order for a car is told that it is booked."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Create the column; each appointment's next fact fills it, and 0052 what is there."""
    op.add_column("followed_appointment", sa.Column("vehicle_id", IdType, nullable=True))
