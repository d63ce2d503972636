"""Road tests, and what the customer said of a test drive."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Create the table and the column, and have the database keep what was recorded."""
    op.add_column("work_order", sa.Column("test_drive", sa.String(length=10), nullable=True))
    op.create_table(
        "road_test",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("route", sa.String(length=200), nullable=True),
        sa.Column("driven_by", sa.String(length=120), nullable=True),
        sa.Column("mileage_before", sa.BigInteger(), nullable=True),
        sa.Column("mileage_after", sa.BigInteger(), nullable=True),
        sa.Column("findings", sa.String(length=1000), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("road_test_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("road_test_pkey")),
    )
    op.create_index("road_test_dealer_id_work_order_id_id_ix", "road_test", ["dealer_id", "work_order_id", "id"])
    separate_dealers(op, ("road_test",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("road_test",))  # type: ignore[arg-type]  # as in 0001
