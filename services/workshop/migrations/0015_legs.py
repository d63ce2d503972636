"""Pick-up and return: legs, their signed sheets and photos, and when the dealer drives."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes, separate_dealers

revision = "0015"
down_revision = "0014"

LIVE = sa.text("state IN ('planned', 'under_way')")


def upgrade() -> None:
    """Create the tables; a photo is an order's or a leg's."""
    op.create_table(
        "leg_settings",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("intervals", document, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("leg_settings_pkey")),
    )
    op.create_table(
        "leg",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", IdType, nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("appointment_id", IdType, nullable=True),
        sa.Column("appointment_at", UtcDateTime(), nullable=True),
        sa.Column("work_order_id", IdType, nullable=True),
        sa.Column("plate", sa.String(length=16), nullable=False),
        sa.Column("customer", document, nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("begins_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("driver", sa.String(length=64), nullable=True),
        sa.Column("question", sa.String(length=24), nullable=True),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("planned_by", sa.String(length=64), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("leg_pkey")),
    )
    op.create_index("leg_live_ix", "leg", ["dealer_id", "begins_at"], postgresql_where=LIVE, sqlite_where=LIVE)
    op.create_index("leg_day_ix", "leg", ["dealer_id", "begins_at", "id"])
    op.create_index("leg_driver_ix", "leg", ["dealer_id", "driver", "begins_at"])
    for name, of in (("appointment", "appointment_id"), ("order", "work_order_id")):
        stands = sa.text(f"{of} IS NOT NULL AND state NOT IN ('failed', 'cancelled')")
        key = ["dealer_id", of, "direction"]
        op.create_index(f"leg_direction_of_{name}_key", "leg", key, unique=True, postgresql_where=stands, sqlite_where=stands)
        op.create_index(f"leg_{name}_ix", "leg", ["dealer_id", of, "id"])
    op.create_table(
        "leg_sheet",
        sa.Column("dealer_id", sa.String(length=32), nullable=False),
        sa.Column("id", IdType, nullable=False),
        sa.Column("document", document, nullable=False),
        sa.Column("signature", document, nullable=True),
        sa.ForeignKeyConstraint(
            ["dealer_id", "id"], ["leg.dealer_id", "leg.id"], name="leg_sheet_dealer_id_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("leg_sheet_pkey")),
    )
    op.add_column("attachment", sa.Column("leg_id", IdType, nullable=True))
    op.create_index(op.f("attachment_dealer_id_leg_id_id_ix"), "attachment", ["dealer_id", "leg_id", "id"])
    separate_dealers(op, ("leg_settings", "leg", "leg_sheet"))  # type: ignore[arg-type]  # as in 0001
    forbid_changes(op, ("leg_sheet",), when="OLD.signature IS NOT NULL")  # type: ignore[arg-type]  # as in 0001
