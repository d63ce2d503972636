"""What nobody told the customer is no promise yet: since when they know of it."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime
from chassis.store.migrations import backfill

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """What was promised until now stays as it is, as what was told."""
    op.add_column("promise", sa.Column("told_at", UtcDateTime(), nullable=True))
    first = "SELECT MIN(recorded_at) FROM promise_revision WHERE dealer_id = promise.dealer_id AND work_order_id = promise.id"
    backfill(op, "promise", f"told_at = ({first})", "told_at IS NULL")  # type: ignore[arg-type]  # as in 0001
