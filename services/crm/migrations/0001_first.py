"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables, separate_dealers

revision = "0001"
down_revision = None

DEALER_TABLES = (
    "call",
    "crm_settings",
    "customer",
    "follow_up",
    "mileage_reading",
    "vehicle",
    "consent",
    "declined_work",
    "follow_up_attempt",
)


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    op.create_table(
        "crm_settings",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("vin_check", sa.String(length=6), nullable=False),
        sa.Column("follow_up_day", sa.BigInteger(), nullable=False),
        sa.Column("follow_up_time", sa.Time(), nullable=False),
        sa.Column("follow_up_due_day", sa.BigInteger(), nullable=False),
        sa.Column("follow_up_breach_day", sa.BigInteger(), nullable=False),
        sa.Column("call_back_minutes", sa.BigInteger(), nullable=False),
        sa.Column("enquiry_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("crm_settings_pkey")),
    )
    op.create_table(
        "customer",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_forms", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("preferred_channel", sa.String(length=10), nullable=False),
        sa.Column("preferred_time", sa.Time(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("tax_number", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("customer_pkey")),
    )
    op.create_index("customer_phone_ix", "customer", ["dealer_id", "phone_key"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("work_order_number", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("customer_name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("preferred_phone", sa.String(length=30), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("make", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("advisor", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("done", document, nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("call_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("breach_at", UtcDateTime(), nullable=False),
        sa.Column("next_service_on", sa.Date(), nullable=True),
        sa.Column("next_service_mileage", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("satisfaction", sa.BigInteger(), nullable=True),
        sa.Column("next_at_delivery", sa.String(length=8), nullable=True),
        sa.Column("next_appointment", sa.String(length=8), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("follow_up_pkey")),
        sa.UniqueConstraint("dealer_id", "work_order_id", "revision", name="follow_up_delivery_key"),
    )
    op.create_index("follow_up_state_ix", "follow_up", ["dealer_id", "state", "due_at"], unique=False)
    op.create_index("follow_up_due_ix", "follow_up", ["dealer_id", "due_at", "id"], unique=False)
    op.create_index("follow_up_delivered_ix", "follow_up", ["dealer_id", "delivered_at"], unique=False)
    op.create_index("follow_up_completed_ix", "follow_up", ["dealer_id", "completed_at"], unique=False)
    op.create_index("follow_up_updated_ix", "follow_up", ["dealer_id", "updated_at", "id"], unique=False)
    op.create_table(
        "call",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("missed_at", UtcDateTime(), nullable=True),
        sa.Column("customer_id", IdType, nullable=True),
        sa.Column("customer_name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("vehicle_id", IdType, nullable=True),
        sa.Column("plate", sa.String(length=16), nullable=True),
        sa.Column("complaint", sa.String(length=4000), nullable=True),
        sa.Column("advisor", sa.String(length=64), nullable=True),
        sa.Column("about", sa.String(length=500), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("promised_by", sa.String(length=64), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("call_pkey")),
        sa.UniqueConstraint("dealer_id", "kind", "appointment_id", "missed_at", name="call_occasion_key"),
    )
    op.create_index("call_state_ix", "call", ["dealer_id", "state", "opened_at", "id"], unique=False)
    op.create_index("call_due_ix", "call", ["dealer_id", "kind", "state", "due_at", "id"], unique=False)
    op.create_index("call_kind_ix", "call", ["dealer_id", "kind", "state", "opened_at", "id"], unique=False)
    op.create_index("call_opened_ix", "call", ["dealer_id", "opened_at", "id"], unique=False)
    op.create_index("call_customer_ix", "call", ["dealer_id", "customer_id", "opened_at"], unique=False)
    op.create_index("call_closed_ix", "call", ["dealer_id", "closed_at"], unique=False)
    op.create_index("call_updated_ix", "call", ["dealer_id", "updated_at", "id"], unique=False)
    op.create_table(
        "mileage_reading",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("done", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("mileage_reading_pkey")),
    )
    op.create_index("mileage_reading_vehicle_ix", "mileage_reading", ["dealer_id", "vehicle_id", "at"], unique=False)
    op.create_table(
        "vehicle",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("vin_doubtful", sa.Boolean(), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("make", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("sale_date", sa.Date(), nullable=True),
        sa.Column("warranty_end", sa.Date(), nullable=True),
        sa.Column("insurance_end", sa.Date(), nullable=True),
        sa.Column("mileage", sa.BigInteger(), nullable=True),
        sa.Column("mileage_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("vehicle_pkey")),
        sa.UniqueConstraint("dealer_id", "vin", name="vehicle_vin_key"),
    )
    op.create_index("vehicle_customer_ix", "vehicle", ["dealer_id", "customer_id"], unique=False)
    op.create_index("vehicle_plate_ix", "vehicle", ["dealer_id", "plate_key"], unique=False)
    op.create_table(
        "consent",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "customer_id"],
            ["customer.dealer_id", "customer.id"],
            name=op.f("consent_dealer_id_customer_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("consent_pkey")),
    )
    op.create_index(op.f("consent_dealer_id_customer_id_ix"), "consent", ["dealer_id", "customer_id"], unique=False)
    op.create_table(
        "declined_work",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("follow_up_id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("line_id", IdType, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("work", sa.String(length=220), nullable=False),
        sa.Column("declined_at", UtcDateTime(), nullable=False),
        sa.Column("lapsed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "follow_up_id"],
            ["follow_up.dealer_id", "follow_up.id"],
            name=op.f("declined_work_dealer_id_follow_up_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("declined_work_pkey")),
        sa.UniqueConstraint("dealer_id", "follow_up_id", "line_id", name="declined_work_line_key"),
    )
    op.create_index("declined_work_vehicle_ix", "declined_work", ["dealer_id", "vehicle_id"], unique=False)
    op.create_table(
        "follow_up_attempt",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("follow_up_id", IdType, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("call_again_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "follow_up_id"],
            ["follow_up.dealer_id", "follow_up.id"],
            name=op.f("follow_up_attempt_dealer_id_follow_up_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("follow_up_attempt_pkey")),
        sa.UniqueConstraint("dealer_id", "follow_up_id", "number", name="follow_up_attempt_number_key"),
    )
    # ### end Alembic commands ###
    separate_dealers(op, DEALER_TABLES)  # type: ignore[arg-type]  # as above
