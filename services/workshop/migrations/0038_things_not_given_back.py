"""Returns that gave back less than was taken over are found without looking at all that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Create the index."""
    asked = sa.text("question IS NOT NULL AND state = 'done'")
    op.create_index("leg_asked_ix", "leg", ["dealer_id", "ended_at"], postgresql_where=asked, sqlite_where=asked)
