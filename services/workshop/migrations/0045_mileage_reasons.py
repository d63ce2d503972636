"""Why the odometer showed less, or far more, when a battery was measured."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Create the column."""
    op.add_column("battery_check", sa.Column("mileage_reason", sa.String(length=300), nullable=True))
