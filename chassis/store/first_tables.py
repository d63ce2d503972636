"""The chassis' tables as of the first release: what every service's first revision creates, and never edited again."""

import sqlalchemy as sa
from alembic.operations import Operations

from chassis.store.columns import IdType, UtcDateTime, document, position


def create(op: Operations) -> None:
    """Create outbox, inbox, parked messages, idempotency records, dealer profiles, staff, schedule runs and timers."""
    op.create_table(
        "dealer_profile",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("tax_mode", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id"),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", IdType, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("roles", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name="staff_member_pkey"),
    )
    op.create_index("ix_staff_member_login", "staff_member", ["login"], unique=False)
    op.create_index(
        "ix_staff_member_roles",
        "staff_member",
        ["roles"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"roles": "jsonb_path_ops"},
    )
    op.create_table(
        "parked_message",
        sa.Column("subscriber", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("dealer_id", sa.String(length=32), nullable=True),
        sa.Column("type", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parked_at", UtcDateTime(), nullable=False),
        sa.Column("waits_for", sa.String(length=64), nullable=True),
        sa.Column("waited_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "message_id"),
    )
    op.create_index(
        "parked_message_due",
        "parked_message",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("parked_message_kind", "parked_message", ["kind", "parked_at"], unique=False)
    op.create_index(
        "parked_message_waits_for",
        "parked_message",
        ["waits_for"],
        unique=False,
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "idempotency",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=True),
        sa.Column("answer", document, nullable=True),
        sa.Column("created_at", UtcDateTime(), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "principal", "key"),
    )
    op.create_index("idempotency_created_at", "idempotency", ["created_at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("subscriber", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("done_at", UtcDateTime(), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("subscriber", "message_id"),
    )
    op.create_index("inbox_done_at", "inbox", ["done_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("position", position, autoincrement=True, nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("dealer_id", sa.String(length=32), nullable=True),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("correlation_id", IdType, nullable=True),
        sa.Column("time", UtcDateTime(), nullable=False),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("outbox_correlation", "outbox", ["correlation_id"], unique=False)
    op.create_index(
        "outbox_pending",
        "outbox",
        ["position"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL"),
    )
    op.create_index("outbox_subject", "outbox", ["subject", "sequence"], unique=False)
    op.create_index("outbox_time", "outbox", ["time"], unique=False)
    op.create_table(
        "schedule_run",
        sa.Column("schedule", sa.String(length=80), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("schedule", "due"),
    )
    op.create_table(
        "timer",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subject", IdType, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "name", "subject"),
    )
    op.create_index("timer_due", "timer", ["due_at", "dealer_id", "name", "subject"], unique=False)
    # ### end Alembic commands ###
