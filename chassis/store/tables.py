"""The chassis' own tables, the same in every service's database.

They stand outside row-level security: only the chassis reaches them, and it works for all dealers at once.
`outbox` is append-only and doubles as the audit log; `inbox` says what is done; `parked_message` keeps what could
not be done yet.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text, text

from chassis.store.columns import DealerIdType, IdType, UtcDateTime, document, position

metadata = MetaData()

outbox = Table(
    "outbox",
    metadata,
    Column("position", position, primary_key=True, autoincrement=True),
    Column("id", IdType, nullable=False, unique=True),
    Column("dealer_id", DealerIdType),
    Column("type", String(80), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("correlation_id", IdType),
    Column("time", UtcDateTime, nullable=False),
    Column("mandatory", Boolean, nullable=False),
    Column("envelope", Text, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("reason", Text),
    Index("outbox_pending", "position", postgresql_where=text("sent_at IS NULL"), sqlite_where=text("sent_at IS NULL")),
    Index("outbox_correlation", "correlation_id"),
    Index("outbox_subject", "subject", "sequence"),
    Index("outbox_time", "time"),
)
"""Every event of this service, sent or not. `envelope` is the exact text that goes on the bus."""

inbox = Table(
    "inbox",
    metadata,
    Column("subscriber", String(80), primary_key=True),
    Column("message_id", String(64), primary_key=True),
    Column("done_at", UtcDateTime, nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    Index("inbox_done_at", "done_at"),
)
"""What a subscriber has done: written in the transaction of the effect, never alone."""

parked_message = Table(
    "parked_message",
    metadata,
    Column("subscriber", String(80), primary_key=True),
    Column("message_id", String(64), primary_key=True),
    Column("dealer_id", DealerIdType),
    Column("type", String(80)),
    Column("payload", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Column("waits_for", String(64)),
    Column("waited_ms", BigInteger, nullable=False, server_default="0"),
    Index(
        "parked_message_due", "next_at", postgresql_where=text("next_at IS NOT NULL"), sqlite_where=text("next_at IS NOT NULL")
    ),
    Index("parked_message_kind", "kind", "parked_at"),
    Index("parked_message_dealer", "dealer_id", "kind", "parked_at"),
    Index("parked_message_waits_for", "waits_for", postgresql_where=text("waits_for IS NOT NULL")),
)
"""Messages a subscriber could not do: `kind` is retrying, early or dead; dead ones have no `next_at`.

`waits_for` is the subject of the event that an early one waits for, `waited_ms` how long its pauses were together.
"""

idempotency = Table(
    "idempotency",
    metadata,
    Column("dealer_id", DealerIdType, primary_key=True),
    Column("principal", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("request_hash", String(64)),
    Column("answer", document),
    Column("created_at", UtcDateTime, nullable=False, server_default=text("CURRENT_TIMESTAMP")),
    Index("idempotency_created_at", "created_at"),
)
"""What a command answered, stored in the effect's transaction. Calls of the group use the dealer ''. Refusals are not stored."""

dealer_profile = Table(
    "dealer_profile",
    metadata,
    Column("dealer_id", DealerIdType, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("name", String(120), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("tax_mode", String(10), nullable=False),
)
"""What every service knows of a dealer: a projection of the registry's facts, newest sequence wins."""

staff_member = Table(
    "staff_member",
    metadata,
    Column("id", IdType, primary_key=True),
    Column("login", String(64), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("roles", document, nullable=False),
    Index("ix_staff_member_roles", "roles", postgresql_using="gin", postgresql_ops={"roles": "jsonb_path_ops"}),
)
"""People who may work, what they are called, and their roles by dealer (none while the account is locked).

A projection of the accounts' facts. A person may work at several dealers. Kept by the services that are told logins of others
than the caller.
"""

schedule_run = Table(
    "schedule_run",
    metadata,
    Column("schedule", String(80), primary_key=True),
    Column("due", UtcDateTime, primary_key=True),
    Column("done_at", UtcDateTime, nullable=False, server_default=text("CURRENT_TIMESTAMP")),
)
"""Which runs of which schedule are done: written in the run's own transaction, so that each run has one effect."""

timer = Table(
    "timer",
    metadata,
    Column("dealer_id", DealerIdType, primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("subject", IdType, primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Index("timer_due", "due_at", "dealer_id", "name", "subject"),
)
"""What is due when: set and cleared in the transaction of the change it follows from, gone in the transaction of its effect.

It knows of a dealer's rows only that they exist and when they are looked at next, so that one statement finds what is due at all.
"""
