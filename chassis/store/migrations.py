"""Migrations: one Alembic history per service, run as the role that owns the tables.

The `migrations/` folder beside a service's registration table holds numbered revisions only; this module is their environment,
its last functions are what they call (docs/upgrading.md). A database may be ahead of the code that serves from it: revisions of
a release are run while the one before still serves, and stay when it is taken back. How far back, they say (`serves_from`).
"""

import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from chassis.store import first_tables
from chassis.store.database import connect_in_time, try_again
from chassis.store.tenancy import row_level_security
from chassis.wire.errors import SettingsError

ENVIRONMENT = Path(__file__).parent / "alembic"

LOCK_SECONDS = 5
"""So long a revision waits for a lock: whoever comes after it for the same table waits as well."""
ATTEMPTS = 20
PAUSE_SECONDS = 2.0
TURN_SECONDS = 0.5
BACKFILL = "backfill"
"""Marks in the SQL of a revision, which is read and not run, what is done dealer by dealer."""


def migrate(service_class: type, database_url: str) -> None:
    """Bring the service's database to the newest revision, each in a transaction; `database_url` is the owner's.

    Of several that try, one does it. A revision that does not get its lock is tried again. A database that is ahead is left as
    it is. Raises SettingsError when it is so far ahead that it serves this code no longer.
    """
    config = _config(service_class)
    engine = create_engine(database_url, poolclass=NullPool)
    event.listen(engine, "do_connect", connect_in_time)
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            _upgrade(config, connection)
        return
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with engine.connect() as connection:
                _await_turn(connection)
                _upgrade(config, connection)
                connection.commit()
            return
        except DBAPIError as error:
            if not try_again(error) or attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)


def pending(service_class: type, engine: Engine) -> str | None:
    """What is missing to run this service on this database, or None: for readiness and for a start that refuses plainly.

    A database that a newer release has migrated will do, as long as it serves this one's code, too.
    """
    script = ScriptDirectory.from_config(_config(service_class))
    with engine.connect() as connection:
        return _missing(service_class.__module__, script, connection)


def _missing(name: str, script: ScriptDirectory, connection: Connection) -> str | None:
    head = script.get_current_head() or ""
    current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return None
    if current is None or _knows(script, current):
        return f"the database of {name} is at revision {current}, needed is {head}: run `servicelane migrate`"
    floor = _noted_floor(connection)
    if floor is None or head < floor:
        return f"the database of {name} is at revision {current}, which serves no code older than {floor}; this is {head}"
    return None


def _knows(script: ScriptDirectory, revision: str) -> bool:
    return any(one.revision == revision for one in script.walk_revisions())


def _upgrade(config: Config, connection: Connection) -> None:
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not _knows(script, current):  # it is ahead
        missing = _missing(str(config.attributes["service"]), script, connection)
        if missing is not None:
            raise SettingsError(missing)
        return
    if connection.dialect.name == "postgresql":
        connection.commit()  # each revision begins its own
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _note_floor(connection, max(getattr(one.module, "serves_from", "") for one in script.walk_revisions()))


def _await_turn(connection: Connection) -> None:
    """Wait until nobody else migrates this database; the turn ends with the connection.

    By asking again and again: who waits in one statement has a snapshot, and an index that is built concurrently waits for it.
    """
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    while not connection.exec_driver_sql("SELECT pg_try_advisory_lock(hashtext('servicelane.migrate'))").scalar():
        connection.commit()
        time.sleep(TURN_SECONDS)
    connection.commit()


def _note_floor(connection: Connection, floor: str) -> None:
    """Write down beside the revision which code this database still serves, for code that does not know the revision."""
    if not _has_floor(connection):
        connection.exec_driver_sql("ALTER TABLE alembic_version ADD COLUMN serves_from VARCHAR(32)")
    noted = {"postgresql": "%(floor)s", "sqlite": ":floor"}[connection.dialect.name]
    connection.exec_driver_sql(f"UPDATE alembic_version SET serves_from = {noted}", {"floor": floor})


def _noted_floor(connection: Connection) -> str | None:
    if not _has_floor(connection):
        return None
    floor: str | None = connection.exec_driver_sql("SELECT serves_from FROM alembic_version").scalar()
    return floor


def _has_floor(connection: Connection) -> bool:
    return any(one["name"] == "serves_from" for one in inspect(connection).get_columns("alembic_version"))


def create_chassis_tables(op: Operations) -> None:
    """The chassis' own tables, as of the first release."""
    first_tables.create(op)


def separate_dealers(op: Operations, tables: Sequence[str]) -> None:
    """Put tables behind row-level security, dealer by dealer; SQLite has none."""
    if _on_postgresql(op):
        for table in tables:
            for statement in row_level_security(table):
                op.execute(statement)


def forbid_changes(op: Operations, tables: Sequence[str], *, when: str = "") -> None:
    """Have the database itself refuse to change or delete a row of these tables, or those `when` something is true of `OLD`."""
    condition = f"WHEN ({when}) " if when else ""
    if _on_postgresql(op):
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


def build_index(op: Operations, name: str, table: str, columns: Sequence[str], **how: Any) -> None:
    """An index on a table that is in use: nobody waits for it. One that a broken attempt left half built is made anew."""
    if not _on_postgresql(op):
        op.create_index(name, table, columns, **how)
        return
    with op.get_context().autocommit_block():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, if_not_exists=True, postgresql_concurrently=True, **how)


def remove_index(op: Operations, name: str, table: str) -> None:
    """An index of a table that is in use goes, without anybody waiting."""
    if not _on_postgresql(op):
        op.drop_index(name, table)
        return
    with op.get_context().autocommit_block():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


def add_check(op: Operations, name: str, table: str, condition: str) -> None:
    """A rule that rows of a table in use keep from now on; those that are there are looked through while others go on."""
    if not _on_postgresql(op):
        with op.batch_alter_table(table) as altered:
            altered.create_check_constraint(name, condition)
        return
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def backfill(op: Operations, table: str, values: str, undone: str) -> None:
    """Set these values in the rows of a dealers' table that are `undone`, a transaction for each dealer, as often as it is run.

    An UPDATE by itself finds no row: row-level security binds the owner, too, until it says whose rows it wants.
    """
    _dealer_by_dealer(op, f"UPDATE {table} SET {values} WHERE {undone}")


def backfill_rows(op: Operations, table: str, columns: str, rows: str) -> None:
    """Add to a dealers' table the rows that a SELECT with a WHERE finds; a row that is there stays. As `backfill` does."""
    _dealer_by_dealer(op, f"INSERT INTO {table} ({columns}) {rows} ON CONFLICT DO NOTHING")


def _dealer_by_dealer(op: Operations, statement: str) -> None:
    context = op.get_context()
    if not _on_postgresql(op):
        op.execute(statement)
        return
    with context.autocommit_block():
        if context.as_sql:
            op.execute(f"{statement} /* {BACKFILL} */")
            return
        connection = op.get_bind()
        for dealer in connection.exec_driver_sql("SELECT dealer_id FROM dealer_profile ORDER BY dealer_id").scalars().all():
            connection.exec_driver_sql("SELECT set_config('app.dealers', %(dealer)s, false)", {"dealer": dealer})
            op.execute(statement)
        connection.exec_driver_sql("SELECT set_config('app.dealers', '', false)")


def _on_postgresql(op: Operations) -> bool:
    return op.get_context().dialect.name == "postgresql"


def _config(service_class: type) -> Config:
    config = Config()
    config.attributes["service"] = service_class.__module__
    package = service_class.__module__.rpartition(".")[0]
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
