"""When the shop is open is said by the calendar of booking alone."""

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """What was set beside it is gone."""
    for column in ("opens_at", "closes_at"):
        op.drop_column("team_settings", column)
