"""The tables of the first release, and the triggers that keep documents as they were issued (Rule L2, docs/domain.md)."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables, forbid_changes, separate_dealers

revision = "0001"
down_revision = None

DEALER_TABLES = (
    "billing_task",
    "gate_pass",
    "invoice",
    "number_series",
    "order_account",
    "tax_number",
    "tax_rate",
    "tender",
    "credit_limit",
    "approved_limit",
    "known_customer",
    "followed_appointment",
    "billing_settings",
    "customer_credit",
    "payment",
    "share",
)

NEVER_CHANGED = ("invoice", "payment", "customer_credit", "tax_number", "tender", "approved_limit")


def _table(table: str, *columns: sa.Column[Any] | sa.Constraint) -> None:
    dealer, identity = sa.Column("dealer_id", sa.String(length=32), nullable=False), sa.Column("id", IdType, nullable=False)
    op.create_table(table, dealer, identity, *columns, sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f(f"{table}_pkey")))


def _of_an_aggregate() -> tuple[sa.Column[Any], ...]:
    version = sa.Column("version", sa.BigInteger(), nullable=False)
    changed = sa.Column("updated_at", UtcDateTime(), nullable=False)
    return version, changed, sa.Column("visit_id", IdType, nullable=True)


def _named() -> tuple[sa.Column[Any], ...]:
    texts = (("work_order_number", 20), ("customer_name", 120), ("plate", 16))
    return tuple(sa.Column(name, sa.String(length=length), nullable=True) for name, length in texts)


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    _table(
        "billing_task",
        *_of_an_aggregate(),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("work_order_id", IdType, nullable=False),
        *_named(),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
    )
    op.create_index("billing_task_open_ix", "billing_task", ["dealer_id", "id"], postgresql_where=sa.text("completed_at IS NULL"))
    _table(
        "gate_pass",
        *_of_an_aggregate(),
        sa.Column("work_order_id", IdType, nullable=False),
        *_named(),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("owed_minor", sa.BigInteger(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("used_by", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=False),
        sa.UniqueConstraint("dealer_id", "code", name="gate_pass_code_key"),
        sa.UniqueConstraint("dealer_id", "work_order_id", "revision", name="gate_pass_revision_key"),
    )
    _table(
        "invoice",
        *_of_an_aggregate(),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("sequence_number", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("credits", IdType, nullable=True),
        sa.Column("receipt", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("work_order_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("document", document, nullable=False),
        sa.UniqueConstraint("dealer_id", "series", "year", "sequence_number", name="invoice_number_key"),
        sa.UniqueConstraint(
            "dealer_id", "work_order_id", "payer", "revision", "kind", "receipt", name="invoice_payer_revision_key"
        ),
    )
    op.create_index("invoice_issued_on_ix", "invoice", ["dealer_id", "issued_on"])
    op.create_table(
        "number_series",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("series", sa.String(length=3), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "series", "year", name=op.f("number_series_pkey")),
    )
    _table(
        "order_account",
        *_of_an_aggregate(),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("of_appointment", sa.Boolean(), nullable=False),
        *_named(),
        sa.Column("customer_id", IdType, nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("followed", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("ready_minor", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("pass_issued_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("queue_place", sa.BigInteger(), nullable=True),
        sa.Column("waiting_since", UtcDateTime(), nullable=True),
    )
    op.create_index("order_account_customer_ix", "order_account", ["dealer_id", "customer_id"])
    in_queue, where = ["dealer_id", "queue_place", "waiting_since", "id"], sa.text("queue_place IS NOT NULL")
    op.create_index("order_account_queue_ix", "order_account", in_queue, postgresql_where=where)
    for what in ("deposit", "credit"):
        where = sa.text(f"{what}_minor > 0")
        op.create_index(f"order_account_{what}_ix", "order_account", ["dealer_id", "id"], postgresql_where=where)
    _table(
        "credit_limit",
        *_of_an_aggregate(),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
    )
    _table(
        "approved_limit",
        sa.Column("customer_id", IdType, nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "customer_id"],
            ["credit_limit.dealer_id", "credit_limit.id"],
            name=op.f("approved_limit_dealer_id_customer_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("approved_limit_customer_ix", "approved_limit", ["dealer_id", "customer_id"])
    _table(
        "tender",
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("provider", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("dealer_id", "direction", "method", "provider", "reference", name="tender_reference_key"),
    )
    _table(
        "known_customer",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("facts", document, nullable=False),
    )
    _table(
        "followed_appointment",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("facts", document, nullable=False),
    )
    _table(
        "billing_settings",
        *_of_an_aggregate(),
        sa.Column("parties", document, nullable=False),
    )
    _table(
        "tax_number",
        sa.Column("tax_number", sa.String(length=30), nullable=False),
        sa.Column("number_key", sa.String(length=30), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.Column("attached_by", sa.String(length=64), nullable=False),
        sa.UniqueConstraint("dealer_id", "number_key", name="tax_number_key"),
    )
    _table(
        "tax_rate",
        *_of_an_aggregate(),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("dealer_id", "effective_on", name="tax_rate_effective_on_key"),
    )
    _table(
        "customer_credit",
        sa.Column("account_id", IdType, nullable=False),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("source_id", IdType, nullable=False),
        sa.Column("payment_id", IdType, nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "account_id"],
            ["order_account.dealer_id", "order_account.id"],
            name=op.f("customer_credit_dealer_id_account_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("customer_credit_account_ix", "customer_credit", ["dealer_id", "account_id"])
    _table(
        "payment",
        sa.Column("account_id", IdType, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tender_id", IdType, nullable=True),
        sa.Column("provider", sa.String(length=80), nullable=True),
        sa.Column("provider_reference", sa.String(length=80), nullable=True),
        sa.Column("of_id", IdType, nullable=True),
        sa.Column("counterpart_id", IdType, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealer_id", "account_id"],
            ["order_account.dealer_id", "order_account.id"],
            name=op.f("payment_dealer_id_account_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("payment_tender_ix", "payment", ["dealer_id", "tender_id"])
    op.create_index("payment_account_ix", "payment", ["dealer_id", "account_id"])
    op.create_index("payment_received_on_ix", "payment", ["dealer_id", "received_on"])
    _table(
        "share",
        sa.Column("account_id", IdType, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column("invoice_id", IdType, nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("owed_minor", sa.BigInteger(), nullable=False),
        sa.Column("granted_minor", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("authorised_by", sa.String(length=120), nullable=True),
        sa.Column("authorised_at", UtcDateTime(), nullable=True),
        sa.Column("reversed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "account_id"],
            ["order_account.dealer_id", "order_account.id"],
            name=op.f("share_dealer_id_account_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("dealer_id", "account_id", "revision", "payer", name="share_payer_revision_key"),
    )
    op.create_index("share_owed_ix", "share", ["dealer_id", "id"], postgresql_where=sa.text("owed_minor > 0"))
    separate_dealers(op, DEALER_TABLES)  # type: ignore[arg-type]  # as above
    forbid_changes(op, NEVER_CHANGED)  # type: ignore[arg-type]  # as above
    if op.get_bind().dialect.name == "postgresql":
        for table in NEVER_CHANGED:
            op.execute(
                f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
