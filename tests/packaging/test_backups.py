"""deploy/backup: what is in place can be restored, what cannot be read never is, and one that fails holds up no other."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from deploy.dev.infrastructure import PROJECT
from deploy.dev.postgres import client_environment
from tests.infrastructure import ServiceDatabase

SCRIPTS = PROJECT / "deploy/backup"
A_DAY = 86_400


class Site:
    """A folder for backups, and the scripts as an operator runs them."""

    def __init__(self, folder: Path, database: ServiceDatabase) -> None:
        self.folder, self.database, self.key = folder / "backups", database, folder / "key"
        self.key.write_text(secrets.token_hex(32), encoding="ascii")
        self.restored = f"{database.name}_trial"

    def run(self, script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a script, whatever comes of it."""
        given = {**client_environment(self.database.admin_url), "KEY_FILE": str(self.key), **environment}
        command = ["bash", str(SCRIPTS / script), *arguments]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=120)

    def back_up(self, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Of the database, and of others."""
        return self.run("backup.sh", str(self.folder), *more, self.database.name, **environment)

    @property
    def files(self) -> list[Path]:
        """What is in place."""
        return sorted((self.folder / self.database.name).iterdir())

    def rows(self, database: str, query: str) -> list[Any]:
        """What a database answers."""
        connection = psycopg2.connect(self.database.admin_url.replace("+psycopg2", ""), dbname=database)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@pytest.fixture
def site(tmp_path: Path, fresh_database: Callable[[str], ServiceDatabase]) -> Iterator[Site]:
    """A database with one table of two rows."""
    made = Site(tmp_path, fresh_database("billing"))
    made.rows(made.database.name, "CREATE TABLE money (amount int); INSERT INTO money VALUES (1), (2)")
    yield made
    made.rows("postgres", f'DROP DATABASE IF EXISTS "{made.restored}" WITH (FORCE)')


def test_what_was_backed_up_is_restored(site: Site) -> None:
    """As it was when the backup began; nobody reads the file without the key, and nobody else may open it."""
    done = site.back_up()
    assert (done.returncode, '"event": "backed_up"' in done.stdout) == (0, True), done.stderr
    site.rows(site.database.name, "INSERT INTO money VALUES (3)")
    (file,) = site.files
    assert file.stat().st_mode & 0o077 == 0
    assert b"money" not in file.read_bytes()
    restored = site.run("restore.sh", str(file), site.restored)
    assert restored.returncode == 0, restored.stderr
    assert site.rows(site.restored, "SELECT amount FROM money ORDER BY 1") == [(1,), (2,)]
    made = datetime.strptime(file.name.split("-")[-1].partition(".")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert f"--since {made:%Y-%m-%dT%H:%M:%S}" in restored.stdout


def test_what_was_there_stays_beside_it(site: Site) -> None:
    """Under another name, until somebody drops it."""
    site.back_up()
    assert site.run("restore.sh", str(site.files[0]), site.restored).returncode == 0
    site.rows(site.restored, "INSERT INTO money VALUES (4)")
    assert site.run("restore.sh", str(site.files[0]), site.restored).returncode == 0
    ((aside,),) = site.rows("postgres", f"SELECT datname FROM pg_database WHERE datname LIKE '{site.restored}_before_%'")
    assert site.rows(aside, "SELECT count(*) FROM money") == [(3,)]
    assert site.rows(site.restored, "SELECT count(*) FROM money") == [(2,)]
    site.rows("postgres", f'DROP DATABASE "{aside}"')


def test_one_database_that_cannot_be_backed_up_holds_up_no_other(site: Site) -> None:
    """It is named, the status is 1, and nothing of it is in place."""
    done = site.back_up("no_such_database")
    assert (done.returncode, '"backup_failed", "database": "no_such_database"' in done.stderr) == (1, True)
    assert len(site.files) == 1
    assert list((site.folder / "no_such_database").iterdir()) == []


def test_what_cannot_be_read_back_never_gets_its_name(site: Site, tmp_path: Path) -> None:
    """The disk lied, or the tool did: here what was written is cut off before it is read."""
    cuts = 'case "$*" in *--symmetric*) truncate --size=-40 "${@: -1}";; esac'
    (tmp_path / "gpg").write_text(f'#!/bin/bash\n/usr/bin/gpg "$@" || exit\n{cuts}\n', encoding="ascii")
    (tmp_path / "gpg").chmod(0o755)
    done = site.back_up(PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (done.returncode, "backup_failed" in done.stderr) == (1, True)
    assert site.files == []


def test_old_backups_go_once_there_is_a_new_one(site: Site) -> None:
    """Not before: where the new one fails, the last that could be read stays."""
    site.back_up()
    (old,) = site.files
    old = old.rename(old.with_name(f"{site.database.name}-20200101T000000Z.dump.gpg"))
    os.utime(old, (time.time() - 31 * A_DAY,) * 2)
    site.back_up(PGPORT="1")
    assert site.files == [old]
    site.back_up(KEEP_DAYS="32")
    assert old in site.files
    site.back_up()
    assert old not in site.files


def test_how_old_the_newest_is_can_be_read(site: Site, tmp_path: Path) -> None:
    """Of each database; one that failed stays as old as it is."""
    told = tmp_path / "servicelane_backup.prom"
    site.back_up("no_such_database", TEXTFILE=str(told))
    written = told.read_text(encoding="ascii")
    (seconds,) = re.findall(rf'^servicelane_backup_finished_seconds{{database="{site.database.name}"}} ([0-9.]+)$', written, re.M)
    assert abs(float(seconds) - time.time()) < 60
    assert "no_such_database" not in written
    site.back_up(TEXTFILE=str(told), PGPORT="1")
    assert f"}} {seconds}\n" in told.read_text(encoding="ascii")


def test_who_is_connected_is_not_cut_off(site: Site) -> None:
    """The service goes on writing into what is put aside: it has to be stopped first."""
    site.back_up()
    assert site.run("restore.sh", str(site.files[0]), site.restored).returncode == 0
    connection = psycopg2.connect(site.database.admin_url.replace("+psycopg2", ""), dbname=site.restored)
    try:
        refused = site.run("restore.sh", str(site.files[0]), site.restored)
    finally:
        connection.close()
    assert (refused.returncode, "stop its service first" in refused.stderr) == (2, True)


def test_the_wrong_key_restores_nothing(site: Site) -> None:
    """And what is there stays."""
    site.back_up()
    site.key.write_text(secrets.token_hex(32), encoding="ascii")
    assert site.run("restore.sh", str(site.files[0]), site.restored).returncode != 0
    assert site.rows("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{site.restored}'") == []


@pytest.mark.parametrize(
    ("environment", "said"), [({"KEEP_DAYS": "some"}, "KEEP_DAYS must be a number"), ({"KEY_FILE": ""}, "KEY_FILE")]
)
def test_a_wrong_setting_is_said_in_one_line(site: Site, environment: dict[str, str], said: str) -> None:
    """Before anything is made."""
    done = site.back_up(**environment)
    assert done.returncode != 0
    assert said in done.stderr
    assert not site.folder.exists()


def test_a_short_key_is_refused(site: Site) -> None:
    """Whoever has the file could guess it."""
    site.key.write_text("swordfish", encoding="ascii")
    assert (site.back_up().returncode, site.folder.exists()) == (2, False)
