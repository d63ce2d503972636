"""Who recorded that a customer fetched the car themselves that a driver had fetched, and when."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Create the columns."""
    op.add_column("leg", sa.Column("collected_by", sa.String(length=64), nullable=True))
    op.add_column("leg", sa.Column("collected_at", UtcDateTime(), nullable=True))
