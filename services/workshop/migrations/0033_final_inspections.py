"""Inspection templates of final inspections, by class of work."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import document

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Create the columns."""
    purpose = sa.Column("purpose", sa.String(length=11), nullable=False, server_default="multi_point")
    op.add_column("inspection_template", purpose)
    op.add_column("inspection_template", sa.Column("work_classes", document, nullable=False, server_default="[]"))
