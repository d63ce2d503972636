"""In what parts are counted or measured, by the newest edition of their price."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the columns; what is known already is not doubted until its price is published anew."""
    op.add_column("known_part", sa.Column("unit", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("known_part", sa.Column("edition", sa.BigInteger(), nullable=False, server_default="0"))
