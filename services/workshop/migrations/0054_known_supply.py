"""Parts that have no stock, and when they would come (Rule W6)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.migrations import separate_dealers

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    """Create the table; of a part that nobody told of, nobody knows that there is none."""
    op.create_table(
        "known_supply",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("number_key", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "number_key", name=op.f("known_supply_pkey")),
    )
    separate_dealers(op, ("known_supply",))  # type: ignore[arg-type]  # as in 0001
