"""Isolations of high-voltage systems, with their steps as they were signed; which operations are high-voltage work."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Create the tables and the columns, and have the database keep what was signed."""
    op.add_column("operation", sa.Column("high_voltage", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("work_order", sa.Column("high_voltage", sa.String(length=10), nullable=True))
    op.add_column(
        "workshop_settings",
        sa.Column("high_voltage_skill", sa.String(length=30), nullable=False, server_default="HIGH_VOLTAGE"),
    )
    op.add_column("workshop_settings", sa.Column("isolation_wait_minutes", sa.BigInteger(), nullable=False, server_default="10"))
    op.create_table(
        "isolation",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lock_number", sa.String(length=40), nullable=False),
        sa.Column("locked_at", UtcDateTime(), nullable=False),
        sa.Column("wait_until", UtcDateTime(), nullable=False),
        sa.Column("isolated_at", UtcDateTime(), nullable=True),
        sa.Column("energised_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name=op.f("isolation_dealer_id_work_order_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("isolation_pkey")),
    )
    op.create_index("isolation_dealer_id_work_order_id_id_ix", "isolation", ["dealer_id", "work_order_id", "id"])
    stands = dict.fromkeys(("postgresql_where", "sqlite_where"), sa.text("ended_at IS NULL"))
    op.create_index("isolation_standing_key", "isolation", ["dealer_id", "work_order_id"], unique=True, **stands)
    op.create_table(
        "isolation_step",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("isolation_id", IdType, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "isolation_id"],
            ["isolation.dealer_id", "isolation.id"],
            name=op.f("isolation_step_dealer_id_isolation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("isolation_step_pkey")),
        sa.UniqueConstraint("dealer_id", "isolation_id", "number", name=op.f("isolation_step_dealer_id_isolation_id_number_key")),
    )
    separate_dealers(op, ("isolation", "isolation_step"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("isolation_step",))  # type: ignore[arg-type]  # as in 0001
