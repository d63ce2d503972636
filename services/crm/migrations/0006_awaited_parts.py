"""Parts that orders wait for."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, document
from chassis.store.migrations import separate_dealers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "awaited_part",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("awaited_part_pkey")),
    )
    op.create_index("awaited_part_order_ix", "awaited_part", ["dealer_id", "work_order_id"])
    separate_dealers(op, ("awaited_part",))  # type: ignore[arg-type]  # as in 0001
