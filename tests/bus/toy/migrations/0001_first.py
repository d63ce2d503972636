"""The toy's tables."""

from alembic import op

from chassis.migrations import create_chassis_tables, create_dealer_tables
from tests.bus.toy.service import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    create_dealer_tables(op, Base.metadata)
