"""Every service's tables on real PostgreSQL, migrated once per run."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine

from chassis.store.migrations import migrate
from servicelane.suite import SERVICES, service_class
from tests.architecture.service_tables import ServiceTables, metadata_of
from tests.infrastructure import ServiceDatabase


@pytest.fixture(scope="session", params=SERVICES)
def service(request: pytest.FixtureRequest, fresh_database: Callable[[str], ServiceDatabase]) -> Iterator[ServiceTables]:
    """Each service in turn, on a database its migrations made."""
    database = fresh_database(request.param)
    migrate(service_class(request.param), database.owner_url)
    admin = create_engine(database.admin_url)
    yield ServiceTables(request.param, metadata_of(request.param), database, admin)
    admin.dispose()
