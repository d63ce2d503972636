"""Measurements of traction batteries; their trend, by car, is the group's."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Create the tables and the column, and have the database keep what was recorded."""
    op.add_column("workshop_settings", sa.Column("battery_check_below", sa.BigInteger(), nullable=False, server_default="70"))
    op.create_table(
        "battery_check",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("pack_serial", sa.String(length=60), nullable=False),
        sa.Column("percent_units", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=13), nullable=False),
        sa.Column("tool", sa.String(length=120), nullable=True),
        sa.Column("gauge", sa.String(length=40), nullable=True),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
        sa.Column("measured_by", sa.String(length=64), nullable=False),
        sa.Column("coverage_job", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("battery_check_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("battery_check_pkey")),
    )
    op.create_index("battery_check_dealer_id_work_order_id_id_ix", "battery_check", ["dealer_id", "work_order_id", "id"])
    op.create_table(
        "battery_trend",
        sa.Column("id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("pack_key", sa.String(length=60), nullable=False),
        sa.Column("pack_serial", sa.String(length=60), nullable=False),
        sa.Column("percent_units", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=13), nullable=False),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("battery_trend_pkey")),
    )
    op.create_index("battery_trend_car_ix", "battery_trend", ["vin", "measured_at", "id"])
    separate_dealers(op, ("battery_check",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("battery_check",))  # type: ignore[arg-type]  # as in 0001
