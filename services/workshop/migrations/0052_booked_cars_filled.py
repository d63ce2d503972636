"""Of which car the appointments are that are there already."""

from alembic import op

from chassis.store.migrations import backfill

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """As their facts say."""
    named = {"postgresql": "(facts -> 'vehicle' ->> 'vehicle_id')::uuid"}
    in_sqlite = "replace(json_extract(facts, '$.vehicle.vehicle_id'), '-', '')"
    value = named.get(op.get_context().dialect.name, in_sqlite)
    backfill(op, "followed_appointment", f"vehicle_id = {value}", "vehicle_id IS NULL")  # type: ignore[arg-type]  # as in 0001
