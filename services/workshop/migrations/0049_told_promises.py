"""What nobody told the customer is no promise yet: since when they know of it."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """What was promised until now stays as it is, as what was told."""
    op.add_column("promise", sa.Column("told_at", UtcDateTime(), nullable=True))
    first = "SELECT MIN(recorded_at) FROM promise_revision WHERE dealer_id = promise.dealer_id AND work_order_id = promise.id"
    op.execute(f"UPDATE promise SET told_at = ({first})")
