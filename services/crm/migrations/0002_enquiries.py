"""Enquiries."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "enquiry",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("customer_id", IdType, nullable=True),
        sa.Column("customer_name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("wechat", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("plate", sa.String(length=16), nullable=True),
        sa.Column("question", sa.String(length=2000), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("hand_ons", document, nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("enquiry_pkey")),
    )
    for name, *columns in (
        ("due", "state", "due_at", "id"),
        ("state", "state", "received_at", "id"),
        ("received", "received_at", "id"),
        ("assignee", "assignee", "received_at", "id"),
        ("customer", "customer_id", "received_at"),
        ("updated", "updated_at", "id"),
    ):
        op.create_index(f"enquiry_{name}_ix", "enquiry", ["dealer_id", *columns], unique=False)
    separate_dealers(op, ("enquiry",))  # type: ignore[arg-type]  # as in 0001
