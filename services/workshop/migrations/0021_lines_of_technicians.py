"""Orders that are given to teams, and lines to technicians of their own."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Create columns and index."""
    op.add_column("work_order", sa.Column("team_id", IdType, nullable=True))
    op.add_column("work_order", sa.Column("team_name", sa.String(length=60), nullable=True))
    op.add_column("order_line", sa.Column("technician", sa.String(length=64), nullable=True))
    given = sa.text("technician IS NOT NULL AND done_at IS NULL")
    op.create_index("order_line_given_ix", "order_line", ["dealer_id", "technician"], postgresql_where=given, sqlite_where=given)
