"""What tags and special orders are found by, and of which cars the technical director was told."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "known_comeback",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_comeback_pkey")),
    )
    op.create_index("known_comeback_appointment_ix", "known_comeback", ["dealer_id", "appointment_id"])
    op.create_table(
        "known_follow_up",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", IdType, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("satisfaction", sa.BigInteger(), nullable=True),
        sa.Column("dissatisfied", sa.Boolean(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_follow_up_pkey")),
    )
    op.create_index(
        "known_follow_up_customer_ix", "known_follow_up", ["dealer_id", "customer_id", "dissatisfied", "completed_at"]
    )
    op.create_table(
        "known_special_order",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_special_order_pkey")),
    )
    op.create_index("known_special_order_appointment_ix", "known_special_order", ["dealer_id", "appointment_id"])
    op.create_table(
        "briefing",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("briefing_pkey")),
        sa.UniqueConstraint("dealer_id", "day", name="briefing_day_key"),
    )
    op.create_table(
        "briefed_car",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("briefing_id", IdType, nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "briefing_id"],
            ["briefing.dealer_id", "briefing.id"],
            name=op.f("briefed_car_dealer_id_briefing_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("briefed_car_pkey")),
        sa.UniqueConstraint("dealer_id", "briefing_id", "appointment_id", name="briefed_car_appointment_key"),
    )
    tables = ("briefed_car", "briefing", "known_comeback", "known_follow_up", "known_special_order")
    separate_dealers(op, tables)  # type: ignore[arg-type]  # as in 0001
