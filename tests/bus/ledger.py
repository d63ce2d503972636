"""A service that is nothing but its migrations, which a test writes release by release; and somebody at work on its tables."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from chassis.store.migrations import migrate
from tests.infrastructure import ServiceDatabase

_FIRST = """
create_chassis_tables(op)
dealer = sa.Column("dealer_id", sa.String(32), nullable=False)
numbers = [sa.Column(name, sa.BigInteger(), nullable=False) for name in ("id", "cents")]
op.create_table("entry", dealer, *numbers, sa.PrimaryKeyConstraint("dealer_id", "id"))
separate_dealers(op, ("entry",))
"""

_REVISION = """
import sqlalchemy as sa
from alembic import op
from chassis.store.migrations import add_check, backfill, backfill_rows, build_index, create_chassis_tables, remove_index
from chassis.store.migrations import separate_dealers

revision = "{number:04}"
down_revision = {before}
{more}


def upgrade():
    {upgrade}
"""


class Ledger:
    """Its history of revisions in a folder of its own; the first makes a dealers' table `entry (dealer_id, id, cents)`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder / name / "migrations"
        self._folder.mkdir(parents=True)
        (folder / name / "__init__.py").touch()
        self._number = 0
        self.service: Any = type("Ledger", (), {"__module__": f"{name}.service"})
        """What `migrate` and `pending` take for a service's class."""
        sys.path.insert(0, str(folder))
        self.add(_FIRST)

    def add(self, upgrade: str, more: str = "") -> Path:
        """The next revision does this; its file."""
        before = f'"{self._number:04}"' if self._number else None
        self._number += 1
        body = "\n    ".join(upgrade.strip().splitlines())
        file = self._folder / f"{self._number:04}_next.py"
        file.write_text(_REVISION.format(number=self._number, before=before, upgrade=body, more=more), encoding="utf-8")
        return file

    def migrate(self, url: str) -> None:
        """Bring a database to the newest revision."""
        migrate(self.service, url)

    def migrating(self, url: str) -> subprocess.Popen[bytes]:
        """A process that does so: Alembic knows one migration in a process. It waits for a lock for a second, and tries again."""
        migrated = f"migrations.migrate(type('Ledger', (), {{'__module__': {self.service.__module__!r}}}), {url!r})"
        code = f"from chassis.store import migrations; migrations.LOCK_SECONDS = 1; {migrated}"
        path = os.pathsep.join([str(self._folder.parents[1]), *sys.path])
        return subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], env={**os.environ, "PYTHONPATH": path})


@contextmanager
def somebody(database: ServiceDatabase) -> Iterator[Any]:
    """A superuser's session, in a transaction until it says otherwise."""
    connection = psycopg2.connect(database.admin_url.replace("+psycopg2", ""))
    try:
        with connection.cursor() as session:
            yield session
    finally:
        connection.close()


def asked(database: ServiceDatabase, query: str) -> list[tuple[Any, ...]]:
    """What a superuser reads."""
    with somebody(database) as session:
        session.execute(query)
        found: list[tuple[Any, ...]] = session.fetchall()
        return found
