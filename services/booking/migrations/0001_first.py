"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables, separate_dealers

revision = "0001"
down_revision = None

DEALER_TABLES = ("appointment", "booking_task", "calendar", "known_customer", "known_part", "known_vehicle", "pre_picked")


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    op.create_table(
        "appointment",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("service_type", sa.String(length=24), nullable=False),
        sa.Column("service_name", document, nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("has_place", sa.Boolean(), nullable=False),
        sa.Column("place_from", UtcDateTime(), nullable=False),
        sa.Column("place_until", UtcDateTime(), nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("customer", document, nullable=False),
        sa.Column("vehicle", document, nullable=False),
        sa.Column("complaint", sa.String(length=4000), nullable=True),
        sa.Column("operations", document, nullable=False),
        sa.Column("parts", document, nullable=False),
        sa.Column("advisor", sa.String(length=64), nullable=True),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("loaner", sa.Boolean(), nullable=False),
        sa.Column("expected_pick_up_at", UtcDateTime(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("acceptable_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("estimated_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("estimated_minutes", sa.BigInteger(), nullable=True),
        sa.Column("tags", document, nullable=False),
        sa.Column("tag_reasons", document, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("bay", sa.String(length=20), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("void_orders", document, nullable=False),
        sa.Column("reminded", document, nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("answer_by", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("offer_lapsed", sa.Boolean(), nullable=False),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("low_traffic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("appointment_pkey")),
    )
    op.create_index("appointment_status_ix", "appointment", ["dealer_id", "status", "starts_at"], unique=False)
    op.create_index("appointment_customer_ix", "appointment", ["dealer_id", "customer_id"], unique=False)
    op.create_index("appointment_vehicle_ix", "appointment", ["dealer_id", "vehicle_id"], unique=False)
    op.create_index("appointment_plate_ix", "appointment", ["dealer_id", "plate_key"], unique=False)
    op.create_index("appointment_updated_ix", "appointment", ["dealer_id", "updated_at", "id"], unique=False)
    op.create_index("appointment_place_ix", "appointment", ["dealer_id", "place_from"], unique=False)
    op.create_index("appointment_time_ix", "appointment", ["dealer_id", "starts_at", "id"], unique=False)
    op.create_table(
        "booking_task",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("advisor", sa.String(length=64), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("answer_by", UtcDateTime(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("booking_task_pkey")),
    )
    op.create_index("booking_task_state_ix", "booking_task", ["dealer_id", "state", "id"], unique=False)
    op.create_table(
        "calendar",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("opening", document, nullable=False),
        sa.Column("closures", document, nullable=False),
        sa.Column("capacity", document, nullable=False),
        sa.Column("service_types", document, nullable=False),
        sa.Column("slot_minutes", sa.BigInteger(), nullable=False),
        sa.Column("advisor_places", sa.BigInteger(), nullable=False),
        sa.Column("no_show_minutes", sa.BigInteger(), nullable=False),
        sa.Column("reminder_minutes", document, nullable=False),
        sa.Column("offer_minutes", sa.BigInteger(), nullable=False),
        sa.Column("answer_minutes", sa.BigInteger(), nullable=False),
        sa.Column("briefing_time", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("calendar_pkey")),
    )
    op.create_table(
        "known_operation",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("operation_group", sa.String(length=40), nullable=True),
        sa.Column("publication", IdType, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("known_operation_pkey")),
    )
    op.create_table(
        "pre_picked",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pre_picked_pkey")),
    )
    op.create_table(
        "known_part",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("number_key", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "number_key", name=op.f("known_part_pkey")),
    )
    op.create_table(
        "known_customer",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_forms", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("preferred_channel", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_customer_pkey")),
    )
    op.create_table(
        "known_vehicle",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("make", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("warranty_end", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_vehicle_pkey")),
    )
    # ### end Alembic commands ###
    separate_dealers(op, DEALER_TABLES)  # type: ignore[arg-type]  # as above
