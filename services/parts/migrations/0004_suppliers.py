"""Suppliers, and at what terms they sell which part."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0004"
down_revision = "0003"

PREFERRED = sa.text("preferred")


def upgrade() -> None:
    """Create the tables; a receipt of a supplier that is registered names it."""
    op.create_table(
        "supplier",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("code_key", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_zh_key", sa.String(length=240), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_en_key", sa.String(length=240), nullable=False),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("approved_because", sa.String(length=300), nullable=True),
        sa.Column("judged_by", sa.String(length=64), nullable=True),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("supplier_pkey")),
        sa.UniqueConstraint("dealer_id", "code_key", name="supplier_code_key_key"),
    )
    op.create_index("supplier_name_zh", "supplier", ["dealer_id", "name_zh_key"])
    op.create_index("supplier_name_en", "supplier", ["dealer_id", "name_en_key"])
    op.create_table(
        "supplier_part",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("supplier_id", IdType, nullable=False),
        sa.Column("part_number", sa.String(length=40), nullable=False),
        sa.Column("their_number", sa.String(length=40), nullable=False),
        sa.Column("their_key", sa.String(length=40), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.Column("multiple_units", sa.BigInteger(), nullable=False),
        sa.Column("minimum_units", sa.BigInteger(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "price_minor >= 0 AND multiple_units > 0 AND minimum_units > 0", name=op.f("supplier_part_terms_check")
        ),
        sa.ForeignKeyConstraint(
            ["dealer_id", "supplier_id"],
            ["supplier.dealer_id", "supplier.id"],
            name=op.f("supplier_part_dealer_id_supplier_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("supplier_part_pkey")),
        sa.UniqueConstraint("dealer_id", "supplier_id", "part_number", name="supplier_part_part_key"),
    )
    op.create_index(
        "supplier_part_preferred_key",
        "supplier_part",
        ["dealer_id", "part_number"],
        unique=True,
        postgresql_where=PREFERRED,
        sqlite_where=PREFERRED,
    )
    op.create_index("supplier_part_part", "supplier_part", ["dealer_id", "part_number", "id"])
    op.create_index("supplier_part_theirs", "supplier_part", ["dealer_id", "supplier_id", "their_key"])
    op.add_column("receipt", sa.Column("supplier_id", IdType, nullable=True))
    separate_dealers(op, ("supplier", "supplier_part"))  # type: ignore[arg-type]  # as in 0001
