"""Migrating a database that is in use: nobody waits for long, nothing is half done, and the release before still serves."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import eventlet
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from chassis.store import migrations
from chassis.wire.errors import SettingsError
from tests.bus.ledger import Ledger, asked, somebody
from tests.infrastructure import ServiceDatabase
from tests.waiting import awaited

REVISION = "SELECT version_num FROM alembic_version"
INDEXES = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'entry_cents_ix'::regclass"
INDEX = 'build_index(op, "entry_cents_ix", "entry", ["dealer_id", "cents"])'
COLUMN = 'op.add_column("entry", sa.Column("kind", sa.String(10), nullable=True))'
ENTRIES = """
    INSERT INTO dealer_profile SELECT one, 1, one, 'Asia/Shanghai', 'CNY', 'zh', 'x' FROM unnest(ARRAY['bj', 'sh']) AS one;
    INSERT INTO entry VALUES ('bj', 1, 5), ('sh', 1, 7), ('sh', 2, 9)
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A history of one revision."""
    yield Ledger(tmp_path, f"ledger_{tmp_path.name.replace('-', '_')}")
    sys.path.remove(str(tmp_path))


@pytest.fixture
def database(fresh_database: Callable[[str], ServiceDatabase], ledger: Ledger) -> ServiceDatabase:
    """A database at that revision, with entries of two dealers."""
    made = fresh_database("ledger")
    ledger.migrate(made.owner_url)
    with somebody(made) as session:
        session.execute(ENTRIES)
        session.connection.commit()
    return made


def waits_for_a_lock(database: ServiceDatabase) -> bool:
    """Whether the migration stands in the queue for somebody else's."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(asked(database, waiting))


def test_each_revision_is_a_transaction(ledger: Ledger, database: ServiceDatabase) -> None:
    """One that fails leaves nothing of itself, and what went before it stays; the next attempt goes on from there."""
    ledger.add(COLUMN)
    broken = ledger.add('op.execute("CREATE TABLE half (id int)")\nop.execute("SELECT nothing")')
    with pytest.raises(ProgrammingError):
        ledger.migrate(database.owner_url)
    assert asked(database, REVISION) == [("0002",)]
    assert asked(database, "SELECT to_regclass('half')") == [(None,)]
    broken.write_text(broken.read_text().replace("SELECT nothing", "SELECT 1"))
    ledger.migrate(database.owner_url)
    assert asked(database, REVISION) == [("0003",)]


def test_a_revision_does_not_stand_in_the_way_while_it_waits(ledger: Ledger, database: ServiceDatabase) -> None:
    """Who comes after it for the table waits for its lock too: it gives up soon, and tries again."""
    ledger.add(COLUMN)
    with somebody(database) as report, somebody(database) as other:
        report.execute("SELECT * FROM entry")  # a report that takes its time
        migration = ledger.migrating(database.owner_url)
        awaited(lambda: waits_for_a_lock(database), "the revision to wait")
        started = time.monotonic()
        other.execute("SET statement_timeout = '10s'; SELECT * FROM entry")
        assert time.monotonic() - started < 3
        other.connection.rollback()
        assert migration.poll() is None
        report.connection.rollback()
        assert migration.wait() == 0
    assert asked(database, REVISION) == [("0002",)]


def test_an_index_is_built_while_others_write(ledger: Ledger, database: ServiceDatabase) -> None:
    """It waits for transactions that had begun, and nobody waits for it."""
    ledger.add(INDEX)
    with somebody(database) as earlier, somebody(database) as other:
        earlier.execute("UPDATE entry SET cents = 6 WHERE id = 1")
        migration = ledger.migrating(database.owner_url)
        awaited(lambda: waits_for_a_lock(database), "the index to wait for the transaction")
        for number in range(3, 13):  # longer than an attempt of the migration
            other.execute(f"SET lock_timeout = '200ms'; INSERT INTO entry VALUES ('sh', {number}, 1)")
            other.connection.commit()
            eventlet.sleep(0.2)
        assert migration.poll() is None
        earlier.connection.commit()
        assert migration.wait() == 0
    assert asked(database, INDEXES) == [(True,)]


def test_an_index_that_was_left_half_built_is_built_anew(ledger: Ledger, database: ServiceDatabase) -> None:
    """Its first attempt found a double and left an index behind that no query uses."""
    ledger.add('build_index(op, "entry_cents_ix", "entry", ["dealer_id", "cents"], unique=True)')
    with somebody(database) as session:
        session.execute("INSERT INTO entry VALUES ('sh', 3, 9)")
        session.connection.commit()
        with pytest.raises(Exception, match="could not create unique index"):
            ledger.migrate(database.owner_url)
        assert asked(database, INDEXES) == [(False,)]
        session.execute("DELETE FROM entry WHERE id = 3")
        session.connection.commit()
    ledger.migrate(database.owner_url)
    assert asked(database, INDEXES) == [(True,)]


def test_two_that_migrate_at_once_are_one(ledger: Ledger, database: ServiceDatabase) -> None:
    """The second waits for its turn in no transaction: the first one's index would wait for that one to end."""
    ledger.add(INDEX)
    with somebody(database) as earlier:
        earlier.execute("UPDATE entry SET cents = 6 WHERE id = 1")
        both = [ledger.migrating(database.owner_url) for _ in range(2)]
        awaited(lambda: waits_for_a_lock(database), "the index to wait for the transaction")
        eventlet.sleep(2)
        earlier.connection.commit()
        assert [one.wait(60) for one in both] == [0, 0]
    assert asked(database, REVISION) == [("0002",)]


def test_rows_of_every_dealer_are_filled(ledger: Ledger, database: ServiceDatabase) -> None:
    """Row-level security binds the owner: an UPDATE that does not say whose rows it wants finds none."""
    ledger.add(COLUMN)
    ledger.add("""backfill(op, "entry", "kind = 'old'", "kind IS NULL")""")
    ledger.migrate(database.owner_url)
    assert asked(database, "SELECT DISTINCT kind FROM entry") == [("old",)]


def test_rows_are_added_for_every_dealer_and_those_that_are_there_stay(ledger: Ledger, database: ServiceDatabase) -> None:
    """As often as it is run."""
    for cents in (0, 1):
        more = f"SELECT dealer_id, -id, {cents} FROM entry WHERE id > 0"
        ledger.add(f"""backfill_rows(op, "entry", "dealer_id, id, cents", "{more}")""")
    ledger.migrate(database.owner_url)
    added = "SELECT dealer_id, id, cents FROM entry WHERE id < 0 ORDER BY dealer_id, id"
    assert asked(database, added) == [("bj", -1, 0), ("sh", -2, 0), ("sh", -1, 0)]


def test_a_rule_is_added_beside_writers(ledger: Ledger, database: ServiceDatabase) -> None:
    """It holds from now on, and what was there is looked through; what breaks it is named, and nothing is half done."""
    ledger.add('add_check(op, "entry_cents_ck", "entry", "cents > 6")')
    with pytest.raises(Exception, match="entry_cents_ck"):
        ledger.migrate(database.owner_url)
    with somebody(database) as session:
        session.execute("DELETE FROM entry WHERE cents < 7")
        session.connection.commit()
    ledger.migrate(database.owner_url)
    assert asked(database, "SELECT convalidated FROM pg_constraint WHERE conname = 'entry_cents_ck'") == [(True,)]


def test_an_index_is_removed_and_filled_rows_and_rules_are_the_same_in_files(ledger: Ledger, tmp_path: Path) -> None:
    """What nobody waits for on a server is done in one transaction in an embedded suite."""
    ledger.add(INDEX)
    ledger.add('remove_index(op, "entry_cents_ix", "entry")')
    ledger.add("""backfill(op, "entry", "cents = 1", "cents = 0")""")
    ledger.add("""backfill_rows(op, "entry", "dealer_id, id, cents", "SELECT dealer_id, -id, 1 FROM entry WHERE id > 0")""")
    ledger.add('add_check(op, "entry_cents_ck", "entry", "cents > 0")')
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    ledger.migrate(url)
    engine = create_engine(url)
    assert migrations.pending(ledger.service, engine) is None
    engine.dispose()


# -- a release and the one before it ---------------------------------------------------------------------------------


def taken_back(newer: list[Path]) -> None:
    """The code of the release before, which has never heard of these revisions."""
    for one in newer:
        one.unlink()


def test_the_release_before_starts_on_what_the_next_one_has_migrated(ledger: Ledger, database: ServiceDatabase) -> None:
    """And its own migration finds nothing to do: an upgrade is taken back by its code alone."""
    newer = [ledger.add(COLUMN), ledger.add(INDEX)]
    ledger.migrate(database.owner_url)
    taken_back(newer)
    engine = create_engine(database.url)
    assert migrations.pending(ledger.service, engine) is None
    engine.dispose()
    ledger.migrate(database.owner_url)
    assert asked(database, REVISION) == [("0003",)]


def test_no_release_starts_on_what_serves_it_no_longer(ledger: Ledger, database: ServiceDatabase) -> None:
    """A later revision took away what it reads, and says from which code on that is no harm."""
    newer = [
        ledger.add(COLUMN),
        ledger.add('op.drop_column("entry", "cents")', more='serves_from = "0002"'),
        ledger.add(COLUMN.replace("kind", "more")),
    ]
    ledger.migrate(database.owner_url)
    engine = create_engine(database.url)
    taken_back(newer[1:])
    assert migrations.pending(ledger.service, engine) is None
    taken_back(newer[:1])
    assert "at revision 0004, which serves no code older than 0002; this is 0001" in str(
        migrations.pending(ledger.service, engine)
    )
    engine.dispose()
    with pytest.raises(SettingsError, match="serves no code older than 0002"):
        ledger.migrate(database.owner_url)


def test_the_floor_is_no_revision_that_is_still_to_come(ledger: Ledger, database: ServiceDatabase) -> None:
    """A database that is behind is behind, whatever it served."""
    ledger.add(COLUMN)
    engine = create_engine(database.url)
    assert "at revision 0001, needed is 0002" in str(migrations.pending(ledger.service, engine))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT serves_from FROM alembic_version")).scalar() == ""
    engine.dispose()
