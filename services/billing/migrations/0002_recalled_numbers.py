"""Numbers of documents that were told before a restore (docs/decisions/0098)."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table, and the column that says whether anybody need look into it."""
    op.add_column("number_series", sa.Column("recalls", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "recalled_number",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("sequence_number", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("recalled_number_pkey")),
    )
    separate_dealers(op, ("recalled_number",))  # type: ignore[arg-type]  # as in 0001
