"""When a replica is ready, by its database: a rollout migrates before it replaces anybody."""

import pytest
from sqlalchemy import text

from chassis.wire.errors import SettingsError
from tests.bus.delivery.replicas import Bus, Reader
from tests.bus.toy.service import ToyService


def at_revision(toy: Reader, revision: str, serves_from: str = "") -> None:
    """The database as another release left it."""
    with toy.executor.engine.begin() as connection:
        left = {"revision": revision, "floor": serves_from}
        connection.execute(text("UPDATE alembic_version SET version_num = :revision, serves_from = :floor"), left)


def test_who_runs_stays_ready_while_a_newer_release_has_migrated(embedded_bus: Bus) -> None:
    """Or a rollout would take every door away at once, and bring the new ones later."""
    toy = embedded_bus.replica()
    toy.runtime._check_database()
    at_revision(toy, "9999")
    toy.runtime._check_database()


def test_a_release_that_is_taken_back_starts_on_what_the_next_one_migrated(embedded_bus: Bus) -> None:
    """Revisions leave the release before what it needs: only its code is rolled back."""
    at_revision(embedded_bus.reader(), "9999")
    ToyService.check(embedded_bus.settings())


def test_nobody_starts_on_a_database_that_serves_only_newer_code(embedded_bus: Bus) -> None:
    """What this release reads is gone from it, as the revision says that took it away."""
    at_revision(embedded_bus.reader(), "9999", "9998")
    with pytest.raises(SettingsError, match="serves no code older than 9998"):
        ToyService.check(embedded_bus.settings())


def test_who_runs_is_not_ready_on_a_database_that_is_behind(embedded_bus: Bus) -> None:
    """As after a restored backup: its tables may lack what the code asks for."""
    toy = embedded_bus.replica()
    with toy.executor.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(RuntimeError, match="is at revision None"):
        toy.runtime._check_database()
