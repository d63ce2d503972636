"""Completion certificates that do not count any more, and the next one of the same delivery."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Create the table; a delivery has another certificate after one that is void."""
    op.add_column("completion_certificate", sa.Column("attempt", sa.BigInteger(), nullable=False, server_default="1"))
    with op.batch_alter_table("completion_certificate") as certificate:
        certificate.drop_constraint("completion_certificate_dealer_id_work_order_id_revision_key", type_="unique")
        certificate.create_unique_constraint(
            "completion_certificate_attempt_key", ["dealer_id", "work_order_id", "revision", "attempt"]
        )
    if op.get_bind().dialect.name == "sqlite":  # where a table is made anew for it, without its triggers
        forbid_changes(op, ("completion_certificate",))  # type: ignore[arg-type]  # as in 0001
    op.create_table(
        "completion_void",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("void_cause", sa.String(length=14), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("voided_by", sa.String(length=64), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"],
            ["completion_certificate.dealer_id", "completion_certificate.id"],
            name=op.f("completion_void_dealer_id_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("completion_void_pkey")),
    )
    separate_dealers(op, ("completion_void",))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("completion_void",))  # type: ignore[arg-type]  # as in 0001
