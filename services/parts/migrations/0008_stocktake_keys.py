"""What finds the bins that a stocktake froze; and a document corrects each part once."""

import sqlalchemy as sa
from alembic import op

from chassis.store.migrations import build_index

revision = "0008"
down_revision = "0007"
allowed = {"refuses-old-writes": "the release before gives each correction a document of its own"}

FROZEN = sa.text("frozen_for IS NOT NULL")
CORRECTED = sa.text("kind = 'corrected'")


def upgrade() -> None:
    """Build the indexes while others go on. Every correction that there is has a document of its own."""
    for name, table, columns, where, unique in (
        ("stock_balance_frozen", "stock_balance", ["dealer_id", "frozen_for"], FROZEN, False),
        ("stock_move_corrected_key", "stock_move", ["dealer_id", "document_id", "part_number"], CORRECTED, True),
    ):
        build_index(op, name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where)  # type: ignore[arg-type]  # as in 0001
