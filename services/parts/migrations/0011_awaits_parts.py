"""A reservation says by itself whether its order waits for parts: the release before writes what it has on special order."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nobody but this release writes it."""
    op.add_column("reservation", sa.Column("awaits_parts", sa.Boolean(), nullable=True))
