"""What was delivered on a day is found by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Create the index."""
    delivered = sa.text("delivered_at IS NOT NULL")
    op.create_index(
        "work_order_delivered_ix",
        "work_order",
        ["dealer_id", "delivered_at", "id"],
        postgresql_where=delivered,
        sqlite_where=delivered,
    )
