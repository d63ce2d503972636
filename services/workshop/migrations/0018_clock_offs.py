"""Clock-offs that somebody forgot; when the shop closes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create columns and indexes."""
    op.add_column("clocking", sa.Column("forgotten", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("team_settings", sa.Column("closes_at", sa.String(length=5), nullable=False, server_default="20:00"))
    uncorrected = sa.text("forgotten AND ended_by IS NULL")
    op.create_index(
        "clocking_uncorrected_ix",
        "clocking",
        ["dealer_id", "off_at", "id"],
        postgresql_where=uncorrected,
        sqlite_where=uncorrected,
    )
    op.create_index(op.f("clocking_dealer_id_on_at_ix"), "clocking", ["dealer_id", "on_at"], unique=False)
