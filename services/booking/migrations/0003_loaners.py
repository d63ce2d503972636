"""The loaner fleet: its cars, its loans, of which no two of a car ever overlap, and their signed sheets."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import separate_dealers

revision = "0003"
down_revision = "0002"

LIVE = "state IN ('booked', 'handed_over')"


def upgrade() -> None:
    """Create the tables, and the one wall that no code of ours can forget."""
    op.add_column("appointment", sa.Column("loan_id", IdType, nullable=True))
    op.create_table(
        "loaner",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("plate_key", sa.String(length=16), nullable=False),
        sa.Column("make", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("mileage", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("loaner_pkey")),
        sa.UniqueConstraint("dealer_id", "plate_key", name="loaner_plate_key"),
    )
    op.create_table(
        "loan",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("loaner_id", IdType, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("begins_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("customer", document, nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("returned_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "loaner_id"],
            ["loaner.dealer_id", "loaner.id"],
            name=op.f("loan_dealer_id_loaner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("loan_pkey")),
    )
    live = sa.text(LIVE)
    op.create_index("loan_live_ix", "loan", ["dealer_id", "loaner_id", "begins_at"], postgresql_where=live, sqlite_where=live)
    out = sa.text("state = 'handed_over'")
    op.create_index("loan_out_key", "loan", ["dealer_id", "loaner_id"], unique=True, postgresql_where=out, sqlite_where=out)
    of_one = sa.text("appointment_id IS NOT NULL AND state <> 'cancelled'")
    op.create_index(
        "loan_appointment_key",
        "loan",
        ["dealer_id", "appointment_id"],
        unique=True,
        postgresql_where=of_one,
        sqlite_where=of_one,
    )
    op.create_index("loan_state_ix", "loan", ["dealer_id", "state", "id"])
    op.create_index("loan_car_ix", "loan", ["dealer_id", "loaner_id", "id"])
    op.create_table(
        "loan_sheet",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("loan_id", IdType, nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "loan_id"],
            ["loan.dealer_id", "loan.id"],
            name=op.f("loan_sheet_dealer_id_loan_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("loan_sheet_pkey")),
    )
    op.create_index("loan_sheet_loan_ix", "loan_sheet", ["dealer_id", "loan_id"])
    _never_lend_twice()
    separate_dealers(op, ("loaner", "loan", "loan_sheet"))  # type: ignore[arg-type]  # as in 0001


def _never_lend_twice() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # lets equality of ids stand beside overlap of times in one index
        op.execute(
            "ALTER TABLE loan ADD CONSTRAINT loan_never_twice EXCLUDE USING gist (dealer_id WITH =, loaner_id WITH =, "
            f"tstzrange(begins_at, ends_at) WITH &&) WHERE ({LIVE})"
        )
        return
    for change in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER loan_never_twice_{change.lower()} BEFORE {change} ON loan WHEN NEW.{LIVE} AND EXISTS ("
            "SELECT 1 FROM loan AS other WHERE other.dealer_id = NEW.dealer_id AND other.loaner_id = NEW.loaner_id "
            f"AND other.id <> NEW.id AND other.{LIVE} AND other.begins_at < NEW.ends_at AND other.ends_at > NEW.begins_at) "
            "BEGIN SELECT RAISE(ABORT, 'loan_never_twice'); END"
        )
