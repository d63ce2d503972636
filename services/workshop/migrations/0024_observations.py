"""Faults under observation, and what the group knows of them."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import DealerIdType, IdType, UtcDateTime
from chassis.store.migrations import separate_dealers

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create the table; the group's repairs say which are observed, and at which visit the car came back for them."""
    op.create_table(
        "observation",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("job", sa.BigInteger(), nullable=False),
        sa.Column("operation_group", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.String(length=1000), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.Column("begun_by", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "work_order_id"],
            ["work_order.dealer_id", "work_order.id"],
            name="observation_dealer_id_work_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("observation_pkey")),
    )
    is_open = sa.text("ended_at IS NULL")
    for name, key, unique in (
        ("observation_of_job_key", ["dealer_id", "work_order_id", "job"], True),
        ("observation_open_ix", ["dealer_id", "until_at", "id"], False),
    ):
        op.create_index(name, "observation", key, unique=unique, postgresql_where=is_open, sqlite_where=is_open)
    for column in (
        sa.Column("observation_id", IdType, nullable=True),
        sa.Column("came_back_at", UtcDateTime(), nullable=True),
        sa.Column("came_back_dealer", DealerIdType, nullable=True),
        sa.Column("came_back_number", sa.String(length=20), nullable=True),
    ):
        op.add_column("done_repair", column)
    observed = sa.text("observation_id IS NOT NULL")
    op.create_index(
        "done_repair_observed_ix",
        "done_repair",
        ["observation_id"],
        unique=True,
        postgresql_where=observed,
        sqlite_where=observed,
    )
    separate_dealers(op, ("observation",))  # type: ignore[arg-type]  # as in 0001
