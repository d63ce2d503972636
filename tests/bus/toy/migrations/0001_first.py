"""The toy's tables."""

from alembic import op

from chassis.store.migrations import create_chassis_tables, separate_dealers
from tests.bus.toy.service import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(op)
    Base.metadata.create_all(op.get_bind())
    separate_dealers(op, ["counter"])
