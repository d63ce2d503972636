"""Work instructions of operations, and which operations are painting."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import document

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Create the table and the columns."""
    op.add_column("operation", sa.Column("painting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("operation", sa.Column("instruction", document, nullable=True))
    op.add_column("operation", sa.Column("instruction_version", sa.BigInteger(), nullable=True))
    op.create_table(
        "work_instruction",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("work_instruction_pkey")),
    )
    op.add_column("work_order", sa.Column("recommendations", document, nullable=False, server_default="[]"))
    op.add_column("declined_work", sa.Column("origin", sa.String(length=11), nullable=False, server_default="declined"))
    op.add_column("declined_work", sa.Column("panel", sa.String(length=20), nullable=True))
    op.add_column("declined_work", sa.Column("area_dm2", sa.BigInteger(), nullable=True))
