"""Comebacks as they were found, how the team took a car over, photos of red findings; what is signed is never changed."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table and the columns, and have the database keep what is never changed."""
    op.add_column("work_order", sa.Column("acceptance", document, nullable=True))
    op.add_column("reception_settings", sa.Column("red_needs_photo", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "comeback",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("repair", document, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("comeback_pkey")),
    )
    separate_dealers(op, ("comeback",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("comeback", "custody_hand_over"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("walk_around",), when="OLD.signature IS NOT NULL")  # type: ignore[arg-type]  # as in 0001
