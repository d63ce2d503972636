"""Declined work, by car; it is the group's. What a line is called in both languages; when a customer answered by link."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the table, and the columns."""
    for name, length in (("name_zh", 120), ("name_en", 120), ("unit", 10)):
        op.add_column("order_line", sa.Column(name, sa.String(length=length), nullable=True))
    op.add_column("work_order", sa.Column("answered_at", UtcDateTime(), nullable=True))
    unseen = dict.fromkeys(("postgresql_where", "sqlite_where"), sa.text("answered_at IS NOT NULL"))
    op.create_index("work_order_unseen_answer", "work_order", ["dealer_id", "answered_at", "id"], unique=False, **unseen)
    op.create_table(
        "declined_work",
        sa.Column("id", IdType, nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("work_key", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=11), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=True),
        sa.Column("name_en", sa.String(length=120), nullable=True),
        sa.Column("operation_code", sa.String(length=40), nullable=True),
        sa.Column("part_number", sa.String(length=40), nullable=True),
        sa.Column("quantity_units", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("declined_at", UtcDateTime(), nullable=False),
        sa.Column("done_in", IdType, nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_because", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("declined_work_pkey")),
    )
    is_open = dict.fromkeys(("postgresql_where", "sqlite_where"), sa.text("done_in IS NULL AND dismissed_at IS NULL"))
    op.create_index("declined_work_car_ix", "declined_work", ["vin", "work_key"], unique=False, **is_open)
    op.create_index("declined_work_order_ix", "declined_work", ["work_order_id"], unique=False)
    op.create_index("declined_work_done_ix", "declined_work", ["done_in"], unique=False)
