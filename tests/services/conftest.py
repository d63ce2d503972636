"""Service tests: one service on a real PostgreSQL database, no bus."""

from collections.abc import Callable

import pytest

from chassis.service import Service
from tests.services.desk import Desk


@pytest.fixture
def open_desk(fresh_database) -> Callable[[type[Service]], Desk]:
    """`open_desk(PartsService)`: the service on a new database."""

    def open_for(service_class: type[Service]) -> Desk:
        database = fresh_database(service_class.name)
        return Desk(service_class, url=database.url, owner_url=database.owner_url)

    return open_for
