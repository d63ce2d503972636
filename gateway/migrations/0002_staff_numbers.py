"""Staff numbers of people with accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the column."""
    op.add_column("account", sa.Column("staff_number", sa.String(length=40), nullable=True))
