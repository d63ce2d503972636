"""Legs of pick-up and return that workshop announced."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, document
from chassis.store.migrations import separate_dealers

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "known_leg",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("facts", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_leg_pkey")),
    )
    op.create_index("known_leg_appointment_ix", "known_leg", ["dealer_id", "appointment_id", "id"])
    separate_dealers(op, ("known_leg",))  # type: ignore[arg-type]  # as in 0001
