"""The stages of quality: settings, what each check was, new damage, and who is who."""

import sqlalchemy as sa
from alembic import op

from chassis.store.columns import IdType, UtcDateTime, document
from chassis.store.migrations import forbid_changes

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create columns, indexes and the table, and have the database keep what was signed.

    What was inspected before has no time of its own: it counts in no figures.
    """
    settings = {"self_check": (sa.Boolean(), sa.true()), "team_check": (sa.String(length=8), "of_teams")}
    for name, (kind, usual) in settings.items():
        op.add_column("workshop_settings", sa.Column(name, kind, nullable=False, server_default=usual))
    op.add_column("work_order", sa.Column("team_checked_by", sa.String(length=64), nullable=True))
    op.add_column("work_order", sa.Column("damaged", document, nullable=False, server_default="[]"))
    op.add_column("work_order", sa.Column("new_damage", document, nullable=False, server_default="[]"))
    op.add_column("work_order", sa.Column("new_damage_at", UtcDateTime(), nullable=True))
    told = sa.text("new_damage_at IS NOT NULL")
    by_time = ["dealer_id", "new_damage_at", "id"]
    op.create_index("work_order_new_damage", "work_order", by_time, postgresql_where=told, sqlite_where=told)
    op.add_column("inspection", sa.Column("stage", sa.String(length=11), nullable=False, server_default="final"))
    op.add_column("inspection", sa.Column("passed", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("inspection", sa.Column("inspected_at", UtcDateTime(), nullable=True))
    op.add_column("inspection", sa.Column("rework_cause", sa.String(length=11), nullable=True))
    for name in ("technicians", "responsible"):
        op.add_column("inspection", sa.Column(name, document, nullable=False, server_default="[]"))
    op.add_column("inspection", sa.Column("first_time", sa.Boolean(), nullable=True))
    forbid_changes(op, ("inspection",))  # type: ignore[arg-type]  # as in 0001
    op.create_index("inspection_dealer_id_inspected_at_ix", "inspection", ["dealer_id", "inspected_at"])
    op.create_table(
        "person_account",
        sa.Column("id", IdType, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_account_pkey")),
    )
    op.create_index("person_account_login_ix", "person_account", ["login"])
    op.create_index("person_account_staff_number_ix", "person_account", ["staff_number"])
