"""The tables of the first release; `operation`, `operations_publication`, `model_coefficient` and `model_alias` are the group's."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables, separate_dealers

revision = "0001"
down_revision = None

PROJECTIONS = ("followed_appointment", "followed_slip", "known_customer", "known_tax_rate", "known_vehicle", "part_price")
ORDERS = ("number_series", "work_order", "authorisation", "clocking", "delivery", "estimate", "occupancy", "order_line")
DEALER_TABLES = (*PROJECTIONS, *ORDERS, "workshop_settings", "menu_price")


def _table(name: str, *items: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def _projection(name: str, *columns: sa.Column[Any]) -> None:
    _table(name, sa.Column("sequence", sa.BigInteger(), nullable=False), *columns)


def _of_work_order(table: str) -> sa.ForeignKeyConstraint:
    ours, theirs = ["dealer_id", "work_order_id"], ["work_order.dealer_id", "work_order.id"]
    return sa.ForeignKeyConstraint(ours, theirs, name=op.f(f"{table}_dealer_id_work_order_id_fkey"), ondelete="CASCADE")


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    _projection(
        "followed_appointment",
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("facts", document, nullable=False),
    )
    _table(
        "followed_slip",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("hands", document, nullable=False),
        sa.Column("units", document, nullable=False),
    )
    op.create_index(
        op.f("followed_slip_dealer_id_work_order_id_ix"), "followed_slip", ["dealer_id", "work_order_id"], unique=False
    )
    _projection(
        "known_customer",
        sa.Column("facts", document, nullable=False),
        sa.Column("name_forms", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.String(length=40), nullable=False),
    )
    _projection(
        "known_tax_rate",
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=10), nullable=False),
    )
    _projection(
        "known_vehicle",
        sa.Column("facts", document, nullable=False),
        sa.Column("mileage", sa.BigInteger(), nullable=True),
        sa.Column("mileage_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "model_coefficient",
        sa.Column("make_key", sa.String(length=100), nullable=False),
        sa.Column("model_key", sa.String(length=100), nullable=False),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("make_key", "model_key", name=op.f("model_coefficient_pkey")),
    )
    op.create_table(
        "model_alias",
        sa.Column("make_key", sa.String(length=100), nullable=False),
        sa.Column("alias_key", sa.String(length=100), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("make_key", "alias_key", name=op.f("model_alias_pkey")),
    )
    op.create_table(
        "number_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "year", name=op.f("number_series_pkey")),
    )
    op.create_table(
        "operations_publication",
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("operations_publication_pkey")),
    )
    op.create_table(
        "operation",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_forms", sa.Text(), nullable=False),
        sa.Column("hours_units", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("operation_pkey")),
    )
    op.create_table(
        "part_price",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("number_key", sa.String(length=40), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("core_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("successor", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "number_key", name=op.f("part_price_pkey")),
    )
    _table(
        "work_order",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("customer", document, nullable=False),
        sa.Column("vehicle", document, nullable=False),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("complaint", sa.String(length=4000), nullable=False),
        sa.Column("advisor", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_mode", sa.String(length=10), nullable=False),
        sa.Column("jobs", document, nullable=False),
        sa.Column("lines_numbered", sa.BigInteger(), nullable=False),
        sa.Column("estimate_version", sa.BigInteger(), nullable=False),
        sa.Column("promised_at", UtcDateTime(), nullable=True),
        sa.Column("consent_name", sa.String(length=120), nullable=True),
        sa.Column("consent_minor", sa.BigInteger(), nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=True),
        sa.Column("bay", sa.String(length=20), nullable=True),
        sa.Column("dispatched_at", UtcDateTime(), nullable=True),
        sa.Column("hands", document, nullable=False),
        sa.Column("hold_reason", sa.String(length=30), nullable=True),
        sa.Column("held_at", UtcDateTime(), nullable=True),
        sa.Column("quality_passed_by", sa.String(length=64), nullable=True),
        sa.Column("quality_findings", sa.String(length=1000), nullable=True),
        sa.Column("rework_count", sa.BigInteger(), nullable=False),
        sa.Column("opening_mileage", sa.BigInteger(), nullable=True),
        sa.Column("mileage", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("reversal", document, nullable=True),
        sa.Column("parties", document, nullable=False),
        sa.UniqueConstraint("dealer_id", "number", name=op.f("work_order_dealer_id_number_key")),
    )
    alive = dict.fromkeys(("postgresql_where", "sqlite_where"), sa.text("status <> 'void'"))
    op.create_index(
        "work_order_dealer_id_appointment_id_key", "work_order", ["dealer_id", "appointment_id"], unique=True, **alive
    )
    by_staff = (("advisor", "opened_at", "id"), ("technician", "opened_at", "id"))
    single = (("customer_id",), ("plate_key",), ("status",), ("vehicle_id",))
    for columns in (*single, ("updated_at", "id"), ("opened_at", "id"), *by_staff):
        name = op.f(f"work_order_dealer_id_{'_'.join(columns)}_ix")
        op.create_index(name, "work_order", ["dealer_id", *columns], unique=False)
    _table(
        "workshop_settings",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("labour_rate_minor", sa.BigInteger(), nullable=True),
        sa.Column("call_threshold_minor", sa.BigInteger(), nullable=False),
        sa.Column("payer_rates", document, nullable=False),
        sa.Column("bays", document, nullable=False),
    )
    _table(
        "authorisation",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("estimate_version", sa.BigInteger(), nullable=True),
        sa.Column("line_numbers", document, nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, document, nullable=True) for name in ("document", "signature")),
        _of_work_order("authorisation"),
    )
    op.create_index(op.f("authorisation_work_order_id_ix"), "authorisation", ["work_order_id"], unique=False)
    _table(
        "clocking",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("line_id", IdType, nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("on_at", UtcDateTime(), nullable=False),
        sa.Column("off_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_because", sa.String(length=300), nullable=True),
        _of_work_order("clocking"),
    )
    op.create_index(op.f("clocking_work_order_id_ix"), "clocking", ["work_order_id"], unique=False)
    op.create_index(
        op.f("clocking_dealer_id_technician_off_at_ix"), "clocking", ["dealer_id", "technician", "off_at"], unique=False
    )
    _table(
        "delivery",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("settlement", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.Column("mileage_reason", sa.String(length=300), nullable=True),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.Column("reversed_by", sa.String(length=64), nullable=True),
        sa.Column("reversed_reason", sa.String(length=300), nullable=True),
        _of_work_order("delivery"),
        sa.UniqueConstraint("dealer_id", "work_order_id", "revision", name=op.f("delivery_dealer_id_work_order_id_revision_key")),
    )
    op.create_index(op.f("delivery_dealer_id_announced_at_id_ix"), "delivery", ["dealer_id", "announced_at", "id"], unique=False)
    _table(
        "estimate",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("estimate_version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document", document, nullable=False),
        _of_work_order("estimate"),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "estimate_version", name=op.f("estimate_dealer_id_work_order_id_estimate_version_key")
        ),
    )
    _table(
        "menu_price",
        sa.Column("settings_id", IdType, nullable=False),
        sa.Column("operation_code", sa.String(length=40), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "settings_id"],
            ["workshop_settings.dealer_id", "workshop_settings.id"],
            name=op.f("menu_price_dealer_id_settings_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("dealer_id", "operation_code", name=op.f("menu_price_dealer_id_operation_code_key")),
    )
    op.create_table(
        "occupancy",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("resource", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        _of_work_order("occupancy"),
        sa.PrimaryKeyConstraint("dealer_id", "resource", "name", name=op.f("occupancy_pkey")),
    )
    _table(
        "order_line",
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=11), nullable=False),
        sa.Column("core_of", IdType, nullable=True),
        sa.Column("returned_units", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("operation_code", sa.String(length=40), nullable=True),
        sa.Column("hours_units", sa.BigInteger(), nullable=True),
        sa.Column("part_number", sa.String(length=40), nullable=True),
        sa.Column("quantity_units", sa.BigInteger(), nullable=True),
        sa.Column("installed_units", sa.BigInteger(), nullable=True),
        sa.Column("agreed_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("payers", document, nullable=False),
        sa.Column("estimate_version", sa.BigInteger(), nullable=True),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("shares", document, nullable=False),
        sa.Column("under_consent", sa.Boolean(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("declined_reason", sa.String(length=300), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        _of_work_order("order_line"),
        sa.UniqueConstraint("dealer_id", "work_order_id", "number", name=op.f("order_line_dealer_id_work_order_id_number_key")),
    )
    of_core_charges = sa.text("kind = 'core_charge'")
    op.create_index("order_line_core_charge_ix", "order_line", ["dealer_id", "id"], postgresql_where=of_core_charges)
    separate_dealers(op, DEALER_TABLES)  # type: ignore[arg-type]  # as above
