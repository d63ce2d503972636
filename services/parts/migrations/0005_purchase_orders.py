"""Purchase orders, what deliveries brought of them, and on which a special order comes."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0005"
down_revision = "0004"

ON_ITS_WAY = sa.text("expected_on IS NOT NULL AND quantity_units > received_units + given_up_units")
PARTIAL = {"postgresql_where": ON_ITS_WAY, "sqlite_where": ON_ITS_WAY}


def upgrade() -> None:
    """Create the tables."""
    _orders()
    op.create_table(
        "inspection",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("receipt_id", IdType, nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("purchase_order_id", IdType, nullable=False),
        sa.Column("line_number", sa.BigInteger(), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        *(sa.Column(f"{name}_units", sa.BigInteger(), nullable=False) for name in ("accepted", "damaged", "short", "wrong")),
        sa.Column("ordered_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint(
            "accepted_units >= 0 AND damaged_units >= 0 AND short_units >= 0 AND wrong_units >= 0",
            name=op.f("inspection_units_check"),
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("inspection_pkey")),
        sa.UniqueConstraint("dealer_id", "receipt_id", "line_number", name="inspection_line_key"),
    )
    op.create_index("inspection_order", "inspection", ["dealer_id", "purchase_order_id", "id"])
    op.create_table(
        "purchasing_settings",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("clerk_limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("manager_limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("purchasing_settings_pkey")),
    )
    for table in ("receipt", "special_order"):
        op.add_column(table, sa.Column("purchase_order_id", IdType, nullable=True))
    tables = ("purchase_order", "purchase_line", "purchase_series", "inspection", "purchasing_settings")
    separate_dealers(op, tables)  # type: ignore[arg-type]  # as in 0001


def _orders() -> None:
    op.create_table(
        "purchase_order",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("supplier_id", IdType, nullable=False),
        sa.Column("supplier_code", sa.String(length=20), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("sent_by", sa.String(length=64), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("purchase_order_pkey")),
        sa.UniqueConstraint("dealer_id", "number", name="purchase_order_number_key"),
    )
    op.create_index("purchase_order_state", "purchase_order", ["dealer_id", "state", "id"])
    op.create_index("purchase_order_supplier", "purchase_order", ["dealer_id", "supplier_id", "id"])
    op.create_table(
        "purchase_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "year", name=op.f("purchase_series_pkey")),
    )
    op.create_table(
        "purchase_line",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("purchase_order_id", IdType, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("their_number", sa.String(length=40), nullable=True),
        sa.Column("quantity_units", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("received_units", sa.BigInteger(), nullable=False),
        sa.Column("given_up_units", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "quantity_units > 0 AND received_units >= 0 AND given_up_units >= 0 "
            "AND received_units + given_up_units <= quantity_units",
            name=op.f("purchase_line_units_check"),
        ),
        sa.ForeignKeyConstraint(
            ["dealer_id", "purchase_order_id"],
            ["purchase_order.dealer_id", "purchase_order.id"],
            name=op.f("purchase_line_dealer_id_purchase_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("purchase_line_pkey")),
        sa.UniqueConstraint("dealer_id", "purchase_order_id", "number", name="purchase_line_number_key"),
    )
    op.create_index("purchase_line_expected", "purchase_line", ["dealer_id", "expected_on", "id"], **PARTIAL)
    op.create_index("purchase_line_part", "purchase_line", ["dealer_id", "part_number"], **PARTIAL)
