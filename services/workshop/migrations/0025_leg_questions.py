"""Legs that are over and about which somebody may have to decide; keys that were received; why an odometer is believed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Create the index and the column."""
    over = sa.text("state IN ('done', 'failed')")
    op.create_index("leg_over_ix", "leg", ["dealer_id", "ended_at"], postgresql_where=over, sqlite_where=over)
    op.add_column("road_test", sa.Column("mileage_reason", sa.String(length=300), nullable=True))
    op.add_column("work_order", sa.Column("keys_received", sa.BigInteger(), nullable=True))
