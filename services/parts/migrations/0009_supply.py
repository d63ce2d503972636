"""What the workshop is told of parts without stock (Rule W6)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables; what was never told counts as before."""
    op.create_table(
        "supply_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("supply_series_pkey")),
    )
    op.create_table(
        "supply_notice",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("supply_notice_pkey")),
        sa.UniqueConstraint("dealer_id", "edition", name="supply_notice_edition_key"),
    )
    separate_dealers(op, ("supply_series", "supply_notice"))  # type: ignore[arg-type]  # as in 0001
