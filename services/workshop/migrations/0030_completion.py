"""Completion certificates, their numbers, and the classes of work that need one."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "completion_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "year", name=op.f("completion_series_pkey")),
    )
    op.create_table(
        "completion_certificate",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("sequence_number", sa.BigInteger(), nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name="completion_certificate_dealer_id_work_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "revision", name="completion_certificate_dealer_id_work_order_id_revision_key"
        ),
        sa.UniqueConstraint(
            "dealer_id", "year", "sequence_number", name="completion_certificate_dealer_id_year_sequence_number_key"
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("completion_certificate_pkey")),
    )
    certified = sa.Column("certified_classes", document, nullable=False, server_default='["overhaul", "second_level"]')
    op.add_column("delivery_settings", certified)
    separate_dealers(op, ("completion_series", "completion_certificate"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("completion_certificate",))  # type: ignore[arg-type]  # as in 0001
