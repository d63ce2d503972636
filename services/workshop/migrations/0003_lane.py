"""The reception lane: its cars, tickets and escalations, and the reception's own numbers."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0003"
down_revision = "0002"


def _table(name: str, *items: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def upgrade() -> None:
    """Create the tables."""
    _table(
        "lane_car",
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("customer_name", sa.String(length=120), nullable=True),
        sa.Column("concern", sa.String(length=4000), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("greet_by", UtcDateTime(), nullable=False),
        sa.Column("greeted_at", UtcDateTime(), nullable=True),
        sa.Column("greeted_by", sa.String(length=64), nullable=True),
        sa.Column("alert_at", UtcDateTime(), nullable=False),
        sa.Column("ticket_day", sa.Date(), nullable=True),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("aside", sa.String(length=10), nullable=True),
        sa.Column("aside_place", sa.String(length=60), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("left", sa.String(length=24), nullable=True),
        sa.Column("left_reason", sa.String(length=300), nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
    )
    here = sa.text("left_at IS NULL")
    op.create_index(
        "lane_car_here_key", "lane_car", ["dealer_id", "plate_key"], unique=True, postgresql_where=here, sqlite_where=here
    )
    op.create_index("lane_car_ticket_key", "lane_car", ["dealer_id", "ticket_day", "ticket"], unique=True)
    op.create_index("lane_car_appointment_ix", "lane_car", ["dealer_id", "appointment_id"], unique=False)
    _table(
        "lane_alert",
        sa.Column("trigger", sa.String(length=10), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("raised_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("cars", sa.BigInteger(), nullable=False),
        sa.Column("lane_car_id", IdType, nullable=True),
        sa.Column("plate", sa.String(length=16), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("relieved_at", UtcDateTime(), nullable=True),
        sa.Column("relieved_by", sa.String(length=64), nullable=True),
        sa.Column("relief", sa.String(length=12), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("measure", sa.String(length=300), nullable=True),
    )
    for columns in (["dealer_id", "relieved_at", "raised_at"], ["dealer_id", "trigger", "ended_at"]):
        op.create_index(op.f(f"lane_alert_{'_'.join(columns)}_ix"), "lane_alert", columns, unique=False)
    op.create_index("lane_alert_month_ix", "lane_alert", ["dealer_id", "month", "trigger", "cause", "relief"], unique=False)
    op.create_table(
        "lane_tickets",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "day", name=op.f("lane_tickets_pkey")),
    )
    _table(
        "reception_settings",
        sa.Column("lane_positions", sa.BigInteger(), nullable=False),
        sa.Column("greet_minutes", sa.BigInteger(), nullable=False),
        sa.Column("alert_cars", sa.BigInteger(), nullable=False),
        sa.Column("alert_minutes", sa.BigInteger(), nullable=False),
        sa.Column("warranties", document, nullable=False),
    )
    separate_dealers(op, ("lane_car", "lane_alert", "lane_tickets", "reception_settings"))  # type: ignore[arg-type]  # as in 0001
