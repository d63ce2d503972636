"""The registry of dealers, accounts and API clients; all of it the group's."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import create_chassis_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    create_chassis_tables(op)  # type: ignore[arg-type]  # alembic's op module is its Operations proxy
    op.create_table(
        "account",
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("secret_number", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("group_roles", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("account_pkey")),
        sa.UniqueConstraint("login", name=op.f("account_login_key")),
    )
    op.create_table(
        "api_client",
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("secret_number", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("group_roles", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("api_client_pkey")),
        sa.UniqueConstraint("client_id", name=op.f("api_client_client_id_key")),
    )
    op.create_table(
        "dealer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("tax_mode", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("dealer_pkey")),
    )
    op.create_table(
        "account_membership",
        sa.Column("account_id", IdType, nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("roles", document, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("account_membership_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["dealer"], ["dealer.id"], name=op.f("account_membership_dealer_fkey")),
        sa.PrimaryKeyConstraint("account_id", "dealer", name=op.f("account_membership_pkey")),
    )
    op.create_index("account_membership_dealer_ix", "account_membership", ["dealer"])
    op.create_table(
        "former_membership",
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("account_id", IdType, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("former_membership_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["dealer"], ["dealer.id"], name=op.f("former_membership_dealer_fkey")),
        sa.PrimaryKeyConstraint("dealer", "account_id", name=op.f("former_membership_pkey")),
    )
    op.create_table(
        "api_client_membership",
        sa.Column("api_client_id", IdType, nullable=False),
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("roles", document, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_client_id"], ["api_client.id"], name=op.f("api_client_membership_api_client_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["dealer"], ["dealer.id"], name=op.f("api_client_membership_dealer_fkey")),
        sa.PrimaryKeyConstraint("api_client_id", "dealer", name=op.f("api_client_membership_pkey")),
    )
    op.create_table(
        "session",
        sa.Column("id", IdType, nullable=False),
        sa.Column("account_id", IdType, nullable=False),
        sa.Column("handle_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("session_account_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("session_pkey")),
        sa.UniqueConstraint("handle_hash", name=op.f("session_handle_hash_key")),
    )
    op.create_index("session_account_ix", "session", ["account_id", "created_at", "id"])
    op.create_index(op.f("session_expires_at_ix"), "session", ["expires_at"])
    op.create_table(
        "pending_file",
        sa.Column("dealer", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dealer", "sha256", name=op.f("pending_file_pkey")),
    )
    op.create_index(op.f("pending_file_begun_at_ix"), "pending_file", ["begun_at"])
    # ### end Alembic commands ###
