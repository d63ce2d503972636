"""The tables of the first release."""

from alembic import op

from chassis.migrations import create_chassis_tables, create_dealer_tables
from services.booking.domain import appointment, calendar, known, slots  # noqa: F401  # their tables stand in Base.metadata
from services.booking.domain.model import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    create_dealer_tables(op, Base.metadata)  # type: ignore[arg-type]  # as above
