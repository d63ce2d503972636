"""What was delivered on which car, for all dealers; and a plate finds the dealer's file of a car."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Create the table and the column; a file has its plate from its next announcement on, orders have theirs already."""
    op.create_table(
        "delivered_visit",
        sa.Column("id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("work_classes", document, nullable=False),
        sa.Column("done", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("delivered_visit_pkey")),
    )
    op.create_index("delivered_visit_car_ix", "delivered_visit", ["vin", "delivered_at", "id"], unique=False)
    op.add_column("known_vehicle", sa.Column("plate_key", sa.String(length=16), nullable=True))
    op.create_index(op.f("known_vehicle_dealer_id_plate_key_ix"), "known_vehicle", ["dealer_id", "plate_key"])
