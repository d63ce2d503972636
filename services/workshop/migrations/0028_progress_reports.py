"""What promises are held against, who told the customer, what they were missed for; reports to customers."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import backfill, separate_dealers

revision = "0028"
down_revision = "0027"

KEY = "progress_report_dealer_id_work_order_id_kind_occasion_key"


def upgrade() -> None:
    """Create columns, table and indexes; what was promised before is held against the first time."""
    op.add_column("team_settings", sa.Column("report_minutes", sa.BigInteger(), nullable=False, server_default="30"))
    held_against = sa.Column("baseline_at", UtcDateTime(), nullable=False, server_default="2000-01-01 00:00:00+00:00")
    op.add_column("promise", held_against)
    backfill(op, "promise", "baseline_at = first_at", "baseline_at <> first_at")  # type: ignore[arg-type]  # as in 0001
    for column in (
        sa.Column("told_in_time", sa.Boolean(), nullable=True),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=True),
        sa.Column("cause_note", sa.String(length=300), nullable=True),
        sa.Column("cause_by", sa.String(length=64), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("promise", column)
    op.create_index("promise_dealer_id_ready_at_ix", "promise", ["dealer_id", "ready_at"])
    for column in (
        sa.Column("told_how", sa.String(length=10), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told_late", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
    ):
        op.add_column("promise_revision", column)
    op.create_table(
        "progress_report",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told_how", sa.String(length=10), nullable=True),
        sa.Column("told_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("progress_report_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("progress_report_pkey")),
        sa.UniqueConstraint("dealer_id", "work_order_id", "kind", "occasion", name=KEY),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "progress_report_open_ix",
        "progress_report",
        ["dealer_id", "due_at", "id"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
    separate_dealers(op, ("progress_report",))  # type: ignore[arg-type]  # as in 0001
