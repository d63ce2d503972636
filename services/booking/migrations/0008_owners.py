"""Whose car it was when it was booked, and whose it is since it changed hands."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, document

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns; of earlier appointments the customer counts as the owner."""
    op.add_column("appointment", sa.Column("owner_id", IdType, nullable=True))
    op.add_column("appointment", sa.Column("new_owner_id", IdType, nullable=True))
    op.add_column("appointment", sa.Column("new_owner", document, nullable=True))
    warned = sa.text("new_owner_id IS NOT NULL")
    index = ["dealer_id", "new_owner_id"]
    op.create_index("appointment_new_owner_ix", "appointment", index, postgresql_where=warned, sqlite_where=warned)
