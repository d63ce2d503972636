"""Comebacks: kinds and classes of work, and what was done on which car; `done_repair` is the group's."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, and the columns."""
    op.add_column("operation", sa.Column("operation_group", sa.String(length=40), nullable=True))
    op.add_column("operation", sa.Column("work_class", sa.String(length=12), nullable=False, server_default="minor"))
    op.add_column("order_line", sa.Column("repair", document, nullable=True))
    op.add_column("work_order", sa.Column("comeback", document, nullable=True))
    op.create_table(
        "done_repair",
        sa.Column("id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("operation_group", sa.String(length=40), nullable=False),
        sa.Column("work_class", sa.String(length=12), nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("warranted_until", UtcDateTime(), nullable=False),
        sa.Column("warranted_mileage", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("done_repair_pkey")),
    )
    op.create_index("done_repair_car_ix", "done_repair", ["vin", "operation_group", "warranted_until"], unique=False)
