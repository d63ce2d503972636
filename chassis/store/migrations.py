"""Migrations: one Alembic history per service, run as the role that owns the tables.

The `migrations/` folder beside a service's registration table holds numbered revisions only; this module is their environment.
`create_chassis_tables` and `separate_dealers` are what a first revision calls.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event

from chassis.store import first_tables
from chassis.store.database import connect_in_time
from chassis.store.tenancy import row_level_security

ENVIRONMENT = Path(__file__).parent / "alembic"


def migrate(service_class: type, database_url: str) -> None:
    """Bring the service's database to the newest revision; `database_url` is the owner's. Of several that try, one does it."""
    engine = create_engine(database_url)
    event.listen(engine, "do_connect", connect_in_time)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('servicelane.migrate'))")
            config = _config(service_class)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def pending(service_class: type, engine: Engine, *, running: bool = False) -> str | None:
    """What is missing to run this service on this database, or None: for readiness and for a start that refuses plainly.

    Whoever is `running` goes on while a newer release's migration is ahead of it, until it is replaced; nobody starts on that.
    """
    script = ScriptDirectory.from_config(_config(service_class))
    head = script.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return None
    if running and current is not None and current not in {one.revision for one in script.walk_revisions()}:
        return None
    return f"the database of {service_class.__module__} is at revision {current}, needed is {head}: run `servicelane migrate`"


def create_chassis_tables(op: Operations) -> None:
    """The chassis' own tables, as of the first release."""
    first_tables.create(op)


def separate_dealers(op: Operations, tables: Sequence[str]) -> None:
    """Put tables behind row-level security, dealer by dealer; SQLite has none."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for table in tables:
            for statement in row_level_security(table):
                connection.exec_driver_sql(statement)


def forbid_changes(op: Operations, tables: Sequence[str], *, when: str = "") -> None:
    """Have the database itself refuse to change or delete a row of these tables, or those `when` something is true of `OLD`."""
    condition = f"WHEN ({when}) " if when else ""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "USING ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' is never changed or deleted'; END $$"
        )
        for table in tables:
            op.execute(
                f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
                f"{condition}EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in tables:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} {condition}"
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed or deleted'); END"
            )


def _config(service_class: type) -> Config:
    config = Config()
    package = service_class.__module__.rpartition(".")[0]
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
