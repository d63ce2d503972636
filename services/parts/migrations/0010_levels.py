"""Levels by hand, and parts that ran low."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "stock_level",
        *_root(),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("point_units", sa.BigInteger(), nullable=False),
        sa.Column("level_units", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("point_units >= 0 AND level_units >= point_units", name=op.f("stock_level_units_check")),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("stock_level_pkey")),
        sa.UniqueConstraint("dealer_id", "part_number", name="stock_level_part_key"),
    )
    op.create_table(
        "low_part",
        *_root(),
        sa.Column("low", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("position_units", sa.BigInteger(), nullable=False),
        sa.Column("point_units", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("low_part_pkey")),
        sa.UniqueConstraint("dealer_id", "part_number", name="low_part_part_key"),
    )
    op.create_index("low_part_since", "low_part", ["dealer_id", "low", "since", "id"])
    separate_dealers(op, ("stock_level", "low_part"))  # type: ignore[arg-type]  # as in 0001


def _root() -> tuple["sa.Column[object]", ...]:
    return (
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
    )
