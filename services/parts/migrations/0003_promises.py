"""Since when a car is promised for the time for which its parts are needed."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add it; of what was promised before, anything newer counts."""
    op.add_column("reservation", sa.Column("promised_as_of", UtcDateTime(), nullable=True))
