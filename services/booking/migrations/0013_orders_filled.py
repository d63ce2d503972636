"""Orders of appointments that were opened before orders were recorded: their cars may be in the shop."""

from alembic import op

from chassis.store.migrations import backfill_rows

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Fill in what the appointment says; whatever workshop announces of the order is newer. Of who walked in nothing is known."""
    columns = "dealer_id, id, sequence, customer_id, vehicle_id, plate_key"
    found = "dealer_id, work_order_id, 0, customer_id, vehicle_id, plate_key FROM appointment WHERE work_order_id IS NOT NULL"
    backfill_rows(op, "known_order", columns, f"SELECT {found}")  # type: ignore[arg-type]  # as in 0001
