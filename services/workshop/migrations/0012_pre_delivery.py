"""That the car was checked before its customer was told."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import document

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the column."""
    op.add_column("work_order", sa.Column("pre_delivery", document, nullable=True))
