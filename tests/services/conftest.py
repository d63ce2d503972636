"""Service tests: one service on a real PostgreSQL database, no bus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.service.entrypoints import Service
from chassis.store.migrations import migrate
from tests.services.desk import Desk


@pytest.fixture
def open_embedded_desk(tmp_path: Path) -> Callable[[type[Service]], Desk]:
    """`open_embedded_desk(PartsService)`: the service on a new SQLite file, as in the embedded mode."""

    def open_for(service_class: type[Service]) -> Desk:
        url = f"sqlite:///{tmp_path}/{service_class.name}.sqlite"
        migrate(service_class, url)
        return Desk(service_class, url=url)

    return open_for


@pytest.fixture
def open_desk(migrated_database) -> Callable[[type[Service]], Desk]:
    """`open_desk(PartsService)`: the service on a new database."""

    def open_for(service_class: type[Service]) -> Desk:
        database = migrated_database(service_class)
        return Desk(service_class, url=database.url, owner_url=database.owner_url)

    return open_for
