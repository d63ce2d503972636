"""The chassis' tables, the registry of dealers, accounts and API clients."""

from alembic import op

from chassis.migrations import create_chassis_tables, create_dealer_tables
from gateway.domain import accounts, clients, dealers  # noqa: F401  # their tables stand in Base.metadata
from gateway.domain.model import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    create_dealer_tables(op, Base.metadata)  # type: ignore[arg-type]  # as above
