"""Road tests that are asked for before the final inspection (Rule W11)."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    """Add the columns; nobody asked for those that were driven."""
    op.add_column("road_test", sa.Column("ask", sa.String(length=9), nullable=True))
    op.add_column("road_test", sa.Column("reason", sa.String(length=300), nullable=True))
