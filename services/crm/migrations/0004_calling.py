"""Who is on the phone with a customer."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0004"
down_revision = "0003"

TAKEN = sa.text("caller IS NOT NULL")


def upgrade() -> None:
    """Nobody is, of what there is."""
    for table in ("follow_up", "call"):
        op.add_column(table, sa.Column("caller", sa.String(length=64), nullable=True))
        op.add_column(table, sa.Column("calling_until", UtcDateTime(), nullable=True))
        columns = ["dealer_id", "customer_id"]
        op.create_index(f"{table}_taken_ix", table, columns, unique=False, postgresql_where=TAKEN, sqlite_where=TAKEN)
