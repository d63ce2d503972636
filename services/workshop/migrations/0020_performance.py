"""Lines by when they were finished."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the index."""
    done = sa.text("done_at IS NOT NULL")
    op.create_index("order_line_done_ix", "order_line", ["dealer_id", "done_at"], postgresql_where=done, sqlite_where=done)
