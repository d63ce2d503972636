"""The walk-around, and who has a car's keys and papers."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0007"
down_revision = "0006"


def _of_work_order(table: str) -> sa.ForeignKeyConstraint:
    ours, theirs = ["dealer_id", "work_order_id"], ["work_order.dealer_id", "work_order.id"]
    return sa.ForeignKeyConstraint(ours, theirs, name=op.f(f"{table}_dealer_id_work_order_id_fkey"), ondelete="CASCADE")


def upgrade() -> None:
    """Create the tables."""
    op.add_column("work_order", sa.Column("walk_around_version", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "walk_around",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=True),
        _of_work_order("walk_around"),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("walk_around_pkey")),
    )
    op.create_table(
        "custody_hand_over",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=True),
        sa.Column("given_to", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        _of_work_order("custody_hand_over"),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("custody_hand_over_pkey")),
    )
    op.create_index(
        op.f("custody_hand_over_dealer_id_work_order_id_ix"), "custody_hand_over", ["dealer_id", "work_order_id"], unique=False
    )
    separate_dealers(op, ("walk_around", "custody_hand_over"))  # type: ignore[arg-type]  # as in 0001
