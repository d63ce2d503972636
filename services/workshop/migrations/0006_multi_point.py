"""Multi-point inspections; `inspection_template` is the group's."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "inspection_template",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("items", document, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("inspection_template_pkey")),
    )
    op.create_table(
        "multi_point_inspection",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("template_code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("kept", document, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("multi_point_inspection_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("multi_point_inspection_pkey")),
    )
    op.create_index(
        op.f("multi_point_inspection_dealer_id_work_order_id_ix"),
        "multi_point_inspection",
        ["dealer_id", "work_order_id"],
        unique=False,
    )
    separate_dealers(op, ("multi_point_inspection",))  # type: ignore[arg-type]  # as in 0001
