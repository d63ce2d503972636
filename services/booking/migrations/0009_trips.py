"""Which time a car is fetched or brought, and whether its customer fetched it themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the columns."""
    op.add_column("known_leg", sa.Column("trip", sa.BigInteger(), nullable=False, server_default="1"))
    op.add_column("known_leg", sa.Column("collected", sa.Boolean(), nullable=False, server_default=sa.false()))
