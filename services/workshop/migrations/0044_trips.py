"""A car that is home again may be fetched once more: legs of each direction are one a trip."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Create the column, and the keys with it."""
    op.add_column("leg", sa.Column("trip", sa.BigInteger(), nullable=False, server_default="1"))
    for name, of in (("appointment", "appointment_id"), ("order", "work_order_id")):
        stands = sa.text(f"{of} IS NOT NULL AND state NOT IN ('failed', 'cancelled')")
        op.drop_index(f"leg_direction_of_{name}_key", "leg")
        key = ["dealer_id", of, "trip", "direction"]
        op.create_index(f"leg_direction_of_{name}_key", "leg", key, unique=True, postgresql_where=stands, sqlite_where=stands)
