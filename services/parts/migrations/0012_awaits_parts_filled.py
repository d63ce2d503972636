"""What is on special order for a reservation's order may be the order's own: it is looked for."""

from alembic import op

from chassis.store.migrations import backfill

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Said once too often, it is looked for in vain."""
    undone = "on_order AND work_order_id IS NOT NULL AND awaits_parts IS NULL"
    backfill(op, "reservation", "awaits_parts = true", undone)  # type: ignore[arg-type]  # as in 0001
