"""Invitations."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "invitation",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("customer_name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("invited_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("invitation_pkey")),
        sa.UniqueConstraint("dealer_id", "vehicle_id", "reason", "day", name="invitation_day_key"),
    )
    for name, *columns in (
        ("invited", "invited_at", "id"),
        ("reason", "reason", "invited_at", "id"),
        ("customer", "customer_id", "invited_at"),
        ("updated", "updated_at", "id"),
    ):
        op.create_index(f"invitation_{name}_ix", "invitation", ["dealer_id", *columns], unique=False)
    separate_dealers(op, ("invitation",))  # type: ignore[arg-type]  # as in 0001
