"""The tables of the first release, and the trigger that keeps the ledger as it was written."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables, separate_dealers

revision = "0001"
down_revision = None

DEALER_TABLES = (
    "deduction",
    "part",
    "parts_task",
    "price_list",
    "price_list_chunk",
    "receipt",
    "reservation",
    "slip",
    "stock_balance",
    "stock_move",
    "reservation_line",
)

_IMMUTABLE = {
    "postgresql": (
        """
        CREATE FUNCTION stock_move_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'stock moves are never changed: correct them by a move'
                USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """,
        "CREATE TRIGGER stock_move_immutable BEFORE UPDATE OR DELETE ON stock_move "
        "FOR EACH ROW EXECUTE FUNCTION stock_move_is_immutable()",
        "CREATE TRIGGER stock_move_untruncated BEFORE TRUNCATE ON stock_move "
        "FOR EACH STATEMENT EXECUTE FUNCTION stock_move_is_immutable()",
    ),
    "sqlite": tuple(
        f"CREATE TRIGGER stock_move_no_{verb} BEFORE {verb} ON stock_move "
        "BEGIN SELECT RAISE(ABORT, 'stock moves are never changed: correct them by a move'); END"
        for verb in ("UPDATE", "DELETE")
    ),
}


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    op.create_table(
        "deduction",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("lines", document, nullable=False),
        sa.Column("deducted_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("deduction_pkey")),
        sa.UniqueConstraint("dealer_id", "work_order_id", "revision", name="deduction_delivery_key"),
    )
    op.create_table(
        "part",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("number_key", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("core_charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("hazardous", sa.Boolean(), nullable=False),
        sa.Column("successor", sa.String(length=40), nullable=True),
        sa.Column("abc_class", sa.String(length=1), nullable=True),
        sa.Column("barcode", sa.String(length=40), nullable=True),
        sa.Column("barcode_key", sa.String(length=40), nullable=True),
        sa.Column("bin_location", sa.String(length=20), nullable=True),
        sa.CheckConstraint("list_price_minor >= 0 AND core_charge_minor >= 0", name=op.f("part_amounts_check")),
        sa.CheckConstraint("successor <> number", name=op.f("part_successor_check")),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("part_pkey")),
        sa.UniqueConstraint("dealer_id", "number", name="part_number_key"),
        sa.UniqueConstraint("dealer_id", "number_key", name="part_number_key_key"),
        sa.UniqueConstraint("dealer_id", "barcode_key", name="part_barcode_key_key"),
    )
    op.create_index("part_successor", "part", ["dealer_id", "successor"], unique=False)
    op.create_table(
        "parts_task",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("order_number", sa.String(length=20), nullable=True),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("line_id", IdType, nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("parts_task_pkey")),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "revision", "kind", "line_id", "part_number", name="parts_task_delivery_key"
        ),
    )
    op.create_index("parts_task_appointment", "parts_task", ["dealer_id", "appointment_id"], unique=False)
    op.create_index("parts_task_state", "parts_task", ["dealer_id", "state", "id"], unique=False)
    op.create_table(
        "price_list",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("price_list_pkey")),
    )
    op.create_table(
        "price_list_chunk",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("chunk", sa.BigInteger(), nullable=False),
        sa.Column("chunks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("price_list_chunk_pkey")),
        sa.UniqueConstraint("dealer_id", "edition", "chunk", name="price_list_chunk_edition_key"),
    )
    op.create_table(
        "receipt",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("reference_key", sa.String(length=60), nullable=False),
        sa.Column("supplier", sa.String(length=120), nullable=False),
        sa.Column("supplier_key", sa.String(length=240), nullable=False),
        sa.Column("booking", sa.BigInteger(), nullable=False),
        sa.Column("lines", document, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("receipt_pkey")),
        sa.UniqueConstraint("dealer_id", "supplier_key", "reference_key", "booking", name="receipt_document_key"),
    )
    op.create_table(
        "reservation",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("tag_date", sa.Date(), nullable=True),
        sa.Column("bay", sa.String(length=20), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("customer_id", IdType, nullable=True),
        sa.Column("order_number", sa.String(length=20), nullable=True),
        sa.Column("promised_at", UtcDateTime(), nullable=True),
        sa.Column("needed_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("on_order", sa.Boolean(), nullable=False),
        sa.Column("moved_to", IdType, nullable=True),
        sa.CheckConstraint("appointment_id IS NOT NULL OR work_order_id IS NOT NULL", name=op.f("reservation_owner_check")),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("reservation_pkey")),
        sa.UniqueConstraint("dealer_id", "work_order_id", name="reservation_work_order_key"),
    )
    op.create_index("reservation_needed", "reservation", ["dealer_id", "state", "needed_at", "id"], unique=False)
    op.create_index("reservation_queue", "reservation", ["dealer_id", "state", "opened_at"], unique=False)
    op.create_table(
        "slip",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("technician", sa.String(length=64), nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.Column("handed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("slip_pkey")),
    )
    op.create_index("slip_work_order", "slip", ["dealer_id", "work_order_id", "id"], unique=False)
    op.create_table(
        "stock_balance",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("location", sa.String(length=12), nullable=False),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("reserved_units", sa.BigInteger(), nullable=False),
        sa.Column("value_milli", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "location NOT IN ('bin', 'wip', 'scrap', 'transit') OR quantity_units >= 0", name=op.f("stock_balance_quantity_check")
        ),
        sa.CheckConstraint(
            "reserved_units = 0 OR (location = 'bin' AND reserved_units > 0)", name=op.f("stock_balance_reserved_check")
        ),
        sa.CheckConstraint(
            "location NOT IN ('bin', 'wip', 'scrap', 'transit') OR (value_milli >= 0 AND (quantity_units > 0 OR value_milli = 0))",
            name=op.f("stock_balance_value_check"),
        ),
        sa.PrimaryKeyConstraint("dealer_id", "part_number", "location", name=op.f("stock_balance_pkey")),
    )
    op.create_table(
        "stock_move",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("value_milli", sa.BigInteger(), nullable=False),
        sa.Column("from_location", sa.String(length=12), nullable=False),
        sa.Column("to_location", sa.String(length=12), nullable=False),
        sa.Column("document_id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("line_id", IdType, nullable=True),
        sa.Column("of_move", IdType, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("moved_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("from_location <> to_location", name=op.f("stock_move_locations_check")),
        sa.CheckConstraint(
            "quantity_units > 0 OR (quantity_units = 0 AND kind = 'revalued')", name=op.f("stock_move_quantity_check")
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("stock_move_pkey")),
    )
    op.create_index("stock_move_document", "stock_move", ["dealer_id", "document_id", "id"], unique=False)
    op.create_index("stock_move_part", "stock_move", ["dealer_id", "part_number", "id"], unique=False)
    op.create_index("stock_move_work_order", "stock_move", ["dealer_id", "work_order_id", "id"], unique=False)
    op.create_table(
        "reservation_line",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("reservation_id", IdType, nullable=False),
        sa.Column("line_id", IdType, nullable=False),
        sa.Column("asked_for", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("wanted_units", sa.BigInteger(), nullable=False),
        sa.Column("reserved_units", sa.BigInteger(), nullable=False),
        sa.Column("issued_units", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "wanted_units >= 0 AND reserved_units >= 0 AND issued_units >= 0", name=op.f("reservation_line_units_check")
        ),
        sa.ForeignKeyConstraint(
            ["dealer_id", "reservation_id"],
            ["reservation.dealer_id", "reservation.id"],
            name=op.f("reservation_line_dealer_id_reservation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("reservation_line_pkey")),
        sa.UniqueConstraint("dealer_id", "reservation_id", "line_id", "asked_for", "number", name="reservation_line_request_key"),
    )
    op.create_index("reservation_line_short", "reservation_line", ["dealer_id", "number"], unique=False)
    # ### end Alembic commands ###
    separate_dealers(op, DEALER_TABLES)  # type: ignore[arg-type]  # as above
    for statement in _IMMUTABLE[op.get_bind().dialect.name]:
        op.execute(statement)
