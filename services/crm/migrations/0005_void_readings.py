"""Readings of the odometer that were taken for an order that is void."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; what was read so far counts."""
    op.add_column("mileage_reading", sa.Column("void", sa.Boolean(), nullable=False, server_default=sa.false()))
