"""Deposits that who missed two appointments is asked for."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType
from chassis.store.migrations import separate_dealers

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table, and what finds no-shows by customer and customers by phone."""
    op.add_column("appointment", sa.Column("deposit_asked_minor", sa.BigInteger(), nullable=True))
    op.add_column("calendar", sa.Column("no_show_deposit_minor", sa.BigInteger(), nullable=True))
    op.add_column("calendar", sa.Column("no_show_deposit_currency", sa.String(length=3), nullable=True))
    missed = sa.text("status = 'no_show'")
    op.create_index(
        "appointment_missed_ix",
        "appointment",
        ["dealer_id", "customer_id", "starts_at"],
        postgresql_where=missed,
        sqlite_where=missed,
    )
    op.create_index("known_customer_phone_ix", "known_customer", ["dealer_id", "phone_key"])
    op.create_table(
        "known_deposit",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("appointment_id", IdType, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("known_deposit_pkey")),
    )
    op.create_index("known_deposit_appointment_ix", "known_deposit", ["dealer_id", "appointment_id"])
    separate_dealers(op, ("known_deposit",))  # type: ignore[arg-type]  # as in 0001
