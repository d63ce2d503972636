"""Loaners that are to be offered, one for each order at most."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "loaner_offer",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"],
            ["work_order.dealer_id", "work_order.id"],
            name="loaner_offer_dealer_id_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("loaner_offer_pkey")),
    )
    unanswered = sa.text("ended_at IS NULL")
    op.create_index(
        "loaner_offer_open_ix",
        "loaner_offer",
        ["dealer_id", "raised_at", "id"],
        postgresql_where=unanswered,
        sqlite_where=unanswered,
    )
    separate_dealers(op, ("loaner_offer",))  # type: ignore[arg-type]  # as in 0001
