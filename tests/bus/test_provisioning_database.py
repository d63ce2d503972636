"""A service's database seen by its owner, by the role that runs the service, and by everybody else."""

from urllib.parse import urlsplit, urlunsplit

import psycopg2
import psycopg2.errors
import pytest

from servicelane.provision import provision_database

PASSWORD = "p@ss/word:#1"


def connect(url):
    return psycopg2.connect(url.replace("+psycopg2", ""))


@pytest.fixture(scope="module")
def database(fresh_database):
    """The database of parts, in which its owner has created a table with a sequence and row-level security."""
    made = fresh_database("parts")
    with connect(made.owner_url) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE stock (id serial PRIMARY KEY, dealer text)")
        cursor.execute("ALTER TABLE stock ENABLE ROW LEVEL SECURITY")
        cursor.execute("CREATE POLICY dealer ON stock USING (dealer = current_setting('servicelane.dealer', true))")
        cursor.execute("INSERT INTO stock (dealer) VALUES ('north'), ('south')")
    return made


def test_the_runtime_role_uses_what_the_owner_creates_behind_row_level_security(database):
    with connect(database.url) as role, role.cursor() as cursor:
        cursor.execute("SELECT set_config('servicelane.dealer', 'north', true)")
        cursor.execute("INSERT INTO stock (dealer) VALUES ('north')")
        cursor.execute("UPDATE stock SET dealer = dealer")
        cursor.execute("SELECT dealer FROM stock")
        assert cursor.fetchall() == [("north",), ("north",)]
        cursor.execute("DELETE FROM stock")
        assert cursor.rowcount == 2


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id int)",
        "DROP TABLE stock",
        "TRUNCATE stock",
        "ALTER TABLE stock DISABLE ROW LEVEL SECURITY",
        "SELECT * FROM pg_authid",
        "CREATE ROLE other",
    ],
)
def test_the_runtime_role_may_not(database, statement):
    with connect(database.url) as role, role.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement)


def test_another_services_role_cannot_connect(database, fresh_database):
    other = fresh_database("crm")
    url = urlunsplit(urlsplit(other.url)._replace(path=f"/{database.name}"))
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        connect(url)


def test_sessions_of_the_runtime_role_end_what_hangs(database):
    with connect(database.url) as role, role.cursor() as cursor:
        shown = {}
        for name in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"):
            cursor.execute(f"SHOW {name}")
            shown[name] = cursor.fetchone()[0]
    assert shown == {"idle_in_transaction_session_timeout": "30s", "lock_timeout": "10s", "statement_timeout": "30s"}


def test_odd_names_and_passwords_are_only_names_and_passwords(infrastructure):
    """Nothing a deployer types is read as SQL; provisioning again keeps the rows and takes the new password."""
    names = {"database": 'te"st;--', "owner": "te'st o", "role": 'te"st %s r'}
    admin = connect(infrastructure.database_url)
    admin.autocommit = True
    try:
        for password in ("old", PASSWORD):
            provision_database(infrastructure.database_url, "parts", owner_password=password, role_password=password, **names)
        parts = urlsplit(infrastructure.database_url)
        with psycopg2.connect(
            host=parts.hostname,
            port=parts.port,
            dbname=names["database"],
            user=names["role"],
            password=PASSWORD,
        ) as role:
            assert role.info.dbname == names["database"]
        with admin.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [names["role"]])
            assert cursor.fetchone() == (False, False, True)
    finally:
        with admin.cursor() as cursor:
            cursor.execute('DROP DATABASE IF EXISTS "te""st;--" WITH (FORCE)')
            cursor.execute('DROP ROLE IF EXISTS "te\'st o"')
            cursor.execute('DROP ROLE IF EXISTS "te""st %s r"')
        admin.close()


def test_one_role_cannot_be_owner_and_runtime(infrastructure):
    with pytest.raises(ValueError, match="row-level security would not bind"):
        provision_database(
            infrastructure.database_url,
            "parts",
            database="x",
            owner="same",
            owner_password="a",
            role="same",
            role_password="b",
        )
