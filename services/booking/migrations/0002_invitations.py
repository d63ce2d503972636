"""Invitations that crm announced."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "known_invitation",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("vehicle_id", IdType, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("counts_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_invitation_pkey")),
    )
    op.create_index("known_invitation_invited_ix", "known_invitation", ["dealer_id", "invited_at"], unique=False)
    op.create_index("known_invitation_vehicle_ix", "known_invitation", ["dealer_id", "vehicle_id", "invited_at"], unique=False)
    separate_dealers(op, ("known_invitation",))  # type: ignore[arg-type]  # as in 0001
