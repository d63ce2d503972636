"""The pick-up time that went as its appointment was moved."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the column; what went before is not known."""
    op.add_column("appointment", sa.Column("dropped_pick_up_at", UtcDateTime(), nullable=True))
