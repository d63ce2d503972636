"""The delivery as an appointment: when cars are handed over, when the dealer is open, and what is agreed."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create the tables; the order knows the time that stands."""
    op.create_table(
        "delivery_settings",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("slot_minutes", sa.BigInteger(), nullable=False),
        sa.Column("cars", sa.BigInteger(), nullable=False),
        sa.Column("intervals", document, nullable=False),
        sa.Column("peaks", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("delivery_settings_pkey")),
    )
    op.create_table(
        "known_opening",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_opening_pkey")),
    )
    op.create_table(
        "delivery_time",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("booked_by", sa.String(length=64), nullable=False),
        sa.Column("booked_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name="delivery_time_dealer_id_work_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("delivery_time_pkey")),
    )
    stands = sa.text("state = 'booked'")
    op.create_index(
        "delivery_time_of_order_key",
        "delivery_time",
        ["dealer_id", "work_order_id"],
        unique=True,
        postgresql_where=stands,
        sqlite_where=stands,
    )
    op.create_index("delivery_time_day_ix", "delivery_time", ["dealer_id", "starts_at", "id"])
    op.add_column("work_order", sa.Column("delivery_at", UtcDateTime(), nullable=True))
    separate_dealers(op, ("delivery_settings", "known_opening", "delivery_time"))  # type: ignore[arg-type]  # as in 0001
