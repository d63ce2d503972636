"""Certificates and trainings of the workshop's people, and the skills that operations need."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0016"
down_revision = "0015"


def _table(name: str, *items: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{name}_pkey")),
    )


def upgrade() -> None:
    """Create the tables and columns."""
    for column in ("skills", "inspection_skills"):
        op.add_column("operation", sa.Column(column, document, nullable=False, server_default="[]"))
    _table("team_settings", sa.Column("certificate_notice_days", sa.BigInteger(), nullable=False))
    _table(
        "certificate",
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=30), nullable=False),
        sa.Column("certificate_number", sa.String(length=60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("training_id", IdType, nullable=True),
        sa.Column("renewed_by_id", IdType, nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=True),
    )
    op.create_index(op.f("certificate_dealer_id_holder_skill_ix"), "certificate", ["dealer_id", "holder", "skill"])
    op.create_index(op.f("certificate_dealer_id_expires_on_id_ix"), "certificate", ["dealer_id", "expires_on", "id"])
    standing = sa.text("withdrawn_at IS NULL AND renewed_by_id IS NULL")
    op.create_index(
        "certificate_standing_ix",
        "certificate",
        ["dealer_id", "expires_on", "id"],
        postgresql_where=standing,
        sqlite_where=standing,
    )
    _table(
        "training",
        sa.Column("trainee", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("skill", sa.String(length=30), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("result_note", sa.String(length=300), nullable=True),
        sa.Column("certificate_id", IdType, nullable=True),
    )
    op.create_index(op.f("training_dealer_id_planned_on_id_ix"), "training", ["dealer_id", "planned_on", "id"])
    op.create_index(op.f("training_dealer_id_trainee_planned_on_id_ix"), "training", ["dealer_id", "trainee", "planned_on", "id"])
    separate_dealers(op, ("team_settings", "certificate", "training"))  # type: ignore[arg-type]  # as in 0001
