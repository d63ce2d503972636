"""Stocktakes: their sheets and counts, and the bins that they freeze."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0007"
down_revision = "0006"

TABLES = ("stocktake", "stocktake_series", "stocktake_line", "stock_count", "stocktaking_settings")


def upgrade() -> None:
    """Create the tables; a balance says for which stocktake it is frozen."""
    op.add_column("stock_balance", sa.Column("frozen_for", sa.String(length=20), nullable=True))
    op.add_column("stock_balance", sa.Column("counted_at", UtcDateTime(), nullable=True))
    op.create_table(
        "stocktake",
        *_root(),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("zone", sa.String(length=20), nullable=True),
        sa.Column("abc_class", sa.String(length=1), nullable=True),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("differing", "missing_minor", "found_minor")),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("stocktake_pkey")),
        sa.UniqueConstraint("dealer_id", "number", name="stocktake_number_key"),
    )
    op.create_index("stocktake_state", "stocktake", ["dealer_id", "state", "id"])
    op.create_table(
        "stocktake_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "year", name=op.f("stocktake_series_pkey")),
    )
    _sheet()
    op.create_table(
        "stocktaking_settings",
        *_root(),
        sa.Column("clerk_limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("manager_limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(sa.Column(f"{name}_days", sa.BigInteger(), nullable=False) for name in "abc"),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("stocktaking_settings_pkey")),
    )
    separate_dealers(op, TABLES)  # type: ignore[arg-type]  # as in 0001


def _root() -> tuple["sa.Column[object]", ...]:
    return (
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
    )


def _sheet() -> None:
    op.create_table(
        "stocktake_line",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("stocktake_id", IdType, nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("bin_location", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.BigInteger(), nullable=False),
        sa.Column("counted_units", sa.BigInteger(), nullable=True),
        sa.Column("counted_by", sa.String(length=64), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("book_units", "adjusted_units", "value_milli")),
        sa.ForeignKeyConstraint(
            ["dealer_id", "stocktake_id"],
            ["stocktake.dealer_id", "stocktake.id"],
            name=op.f("stocktake_line_dealer_id_stocktake_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "stocktake_id", "part_number", name=op.f("stocktake_line_pkey")),
    )
    op.create_table(
        "stock_count",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("stocktake_id", IdType, nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=80), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("book_units", sa.BigInteger(), nullable=False),
        sa.Column("counted_by", sa.String(length=64), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("stock_count_pkey")),
        sa.UniqueConstraint("dealer_id", "stocktake_id", "batch", "part_number", name="stock_count_batch_key"),
    )
