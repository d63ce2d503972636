"""Customers are told how it goes whether a time was promised or not: a promise without one."""

from alembic import op

from chassis.store.columns import UtcDateTime

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Nothing of what was promised changes."""
    with op.batch_alter_table("promise") as promise:
        for name in ("first_at", "promised_at", "baseline_at"):
            promise.alter_column(name, existing_type=UtcDateTime(), nullable=True)
