"""Row-level security as the database itself keeps it: a plain connection of the runtime role, without any code of ours.

Every dealer table gets one row of one dealer, written by the superuser; then the runtime role tries its hand at it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg2
import pytest
from psycopg2 import errors, sql
from psycopg2.extensions import cursor

from chassis.store.migrations import migrate
from servicelane.suite import SERVICES, service_class
from tests.architecture.service_tables import dealer_tables
from tests.infrastructure import ServiceDatabase

OWN, OTHER = "sh-pudong", "bj-chaoyang"
THIRD = "gz-tianhe"
"""Has no rows: nothing but the wall stands in the way of writing one for it."""

COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
"""
CHECKS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""
SAMPLES = {
    "uuid": "00000000-0000-7000-8000-000000000001",
    "bigint": 1,
    "integer": 1,
    "smallint": 1,
    "boolean": True,
    "jsonb": "{}",
    "date": "2026-03-02",
    "time without time zone": "09:30",
    "timestamp with time zone": "2026-03-02T04:00:00Z",
}


@dataclass(frozen=True)
class Walled:
    """A service's dealer tables with one row each, all of them `OWN`'s, and how to reach them as the runtime role."""

    tables: list[str]
    url: str
    owner: str


@pytest.fixture(scope="module", params=SERVICES)
def walled(request: pytest.FixtureRequest, fresh_database: Callable[[str], ServiceDatabase]) -> Walled:
    """Each service in turn; those without a dealer table have nothing to wall."""
    database = fresh_database(request.param)
    migrate(service_class(request.param), database.owner_url)
    tables = dealer_tables(request.param)
    admin = psycopg2.connect(plain(database.admin_url))
    with admin, admin.cursor() as session:
        # What a row says is not the point here: foreign keys, triggers and checks do not look at these.
        session.execute("SET session_replication_role = replica")
        session.execute(CHECKS)
        for table, check in session.fetchall():
            session.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(check)))
        for table in tables:
            insert(session, table, OWN)
        for table in tables:
            session.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(sql.Identifier(table)))
    admin.close()
    return Walled(tables, plain(database.url), f"{database.owner_url.split('//')[1].partition(':')[0]}")


@pytest.fixture
def role(walled: Walled) -> Iterator[cursor]:
    """A session of the runtime role, in a transaction that is rolled back."""
    connection = psycopg2.connect(walled.url)
    with connection.cursor() as session:
        yield session
    connection.close()


def plain(url: str) -> str:
    """A URL as libpq takes it."""
    return url.replace("+psycopg2", "")


def insert(session: cursor, table: str, dealer: str) -> None:
    """One row with something in every column that must have something."""
    session.execute(COLUMNS, [table])
    columns = [(name, kind) for name, kind, required in session.fetchall() if required]
    values = [dealer if name == "dealer_id" else SAMPLES.get(kind, "x") for name, kind in columns]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
        sql.SQL(", ").join(sql.Placeholder() * len(columns)),
    )
    session.execute(statement, values)


def set_dealer(session: cursor, dealer: str) -> None:
    """What the chassis does when a unit of work begins."""
    session.execute("SELECT set_config('app.dealers', %s, true)", [dealer])


def counts(session: cursor, tables: list[str]) -> dict[str, int]:
    """How many rows of each table the session sees."""
    found = {}
    for table in tables:
        session.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        found[table] = session.fetchone()[0]
    return found


def test_the_dealer_sees_its_own_rows(walled: Walled, role: cursor) -> None:
    """The rows are there: what the other tests do not see is hidden, not missing."""
    set_dealer(role, OWN)
    assert counts(role, walled.tables) == dict.fromkeys(walled.tables, 1)


def test_without_a_dealer_nothing_is_visible(walled: Walled, role: cursor) -> None:
    """A connection on which nobody has said whose work it does."""
    assert counts(role, walled.tables) == dict.fromkeys(walled.tables, 0)


def test_the_dealer_ends_with_the_transaction(walled: Walled, role: cursor) -> None:
    """A pooled connection does not carry one unit of work's dealer into the next."""
    set_dealer(role, OWN)
    role.connection.commit()
    assert counts(role, walled.tables) == dict.fromkeys(walled.tables, 0)


def test_another_dealer_sees_nothing(walled: Walled, role: cursor) -> None:
    """Whatever the statement forgot to ask for."""
    set_dealer(role, OTHER)
    assert counts(role, walled.tables) == dict.fromkeys(walled.tables, 0)


def test_another_dealer_changes_and_deletes_nothing(walled: Walled, role: cursor) -> None:
    """UPDATE and DELETE find no row, even without a condition."""
    set_dealer(role, OTHER)
    for table in walled.tables:
        for statement in ("UPDATE {} SET dealer_id = dealer_id", "DELETE FROM {}"):
            role.execute(sql.SQL(statement).format(sql.Identifier(table)))
            assert role.rowcount == 0, f"{statement} of {table}"


def test_nobody_writes_a_row_for_another_dealer(walled: Walled, role: cursor) -> None:
    """Neither as a new row nor by giving one away."""
    for table in walled.tables:
        set_dealer(role, OTHER)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            insert(role, table, THIRD)
        role.connection.rollback()
        set_dealer(role, OWN)
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            role.execute(sql.SQL("UPDATE {} SET dealer_id = %s").format(sql.Identifier(table)), [OTHER])
        role.connection.rollback()


def test_the_runtime_role_cannot_step_over_the_wall(walled: Walled, role: cursor) -> None:
    """It may not bypass row-level security, become someone who may, or take the wall down."""
    role.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
    assert role.fetchone() == (False, False, False)
    with pytest.raises(errors.InsufficientPrivilege):
        role.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(walled.owner)))
    role.connection.rollback()
    for table in walled.tables:
        for statement in ("ALTER TABLE {} DISABLE ROW LEVEL SECURITY", "DROP POLICY dealer ON {}", "TRUNCATE {}"):
            with pytest.raises(errors.InsufficientPrivilege):
                role.execute(sql.SQL(statement).format(sql.Identifier(table)))
            role.connection.rollback()


def test_the_owner_is_bound_too(walled: Walled, fresh_database: Callable[[str], ServiceDatabase]) -> None:
    """FORCE: a migration that reads rows without saying whose sees none, instead of everybody's."""
    owner = walled.url.split("//")[1].partition(":")[0]
    connection = psycopg2.connect(walled.url.replace(f"//{owner}:", f"//{walled.owner}:"))
    with connection.cursor() as session:
        assert counts(session, walled.tables) == dict.fromkeys(walled.tables, 0)
    connection.close()
