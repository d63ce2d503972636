"""Orders that workshop announced: of whom, of which car, and whether they are over."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType
from chassis.store.migrations import separate_dealers

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables; of orders that were opened before, those of appointments are filled in by 0013."""
    op.create_table(
        "known_order",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_order_pkey")),
    )
    op.create_table(
        "ended_order",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("ended_order_pkey")),
    )
    separate_dealers(op, ("ended_order", "known_order"))  # type: ignore[arg-type]  # as in 0001
