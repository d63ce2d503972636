"""Service tests: one service on a real PostgreSQL database, no bus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.service.entrypoints import Service
from tests.lending import Lent
from tests.services.desk import Desk


@pytest.fixture
def open_embedded_desk(tmp_path: Path, migrated_file: Callable[[type[Service], Path], str]) -> Callable[[type[Service]], Desk]:
    """`open_embedded_desk(PartsService)`: the service on a new SQLite file, as in the embedded mode."""

    def open_for(service_class: type[Service]) -> Desk:
        return Desk(service_class, url=migrated_file(service_class, tmp_path))

    return open_for


@pytest.fixture
def open_desk(lent_database: Callable[[type[Service]], Lent]) -> Callable[[type[Service]], Desk]:
    """`open_desk(PartsService)`: the service on an empty database."""

    def open_for(service_class: type[Service]) -> Desk:
        lent = lent_database(service_class)
        return Desk(service_class, url=lent.url, lent=lent)

    return open_for
