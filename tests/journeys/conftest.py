"""Journeys: through the public HTTP API only, on the embedded suite and on the real one.

Both run once for all journeys: a test or a module opens a dealer of its own on them, and no dealer sees another. What dealers are
not protected from - a suite that is stopped, requests at random, tables that are changed by hand - has a suite of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane import suite
from servicelane.client import Client
from servicelane.dealership import Dealership, open_dealership
from servicelane.setup import ADMIN
from tests.deployment import Deployment, Embedded

OTHER = "bj-chaoyang"


@pytest.fixture(scope="package")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The embedded suite, which all journeys share."""
    started = Embedded(tmp_path_factory.mktemp("embedded"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def own_embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """An embedded suite for the module alone, which may do anything to it."""
    started = Embedded(tmp_path_factory.mktemp("own-embedded"))
    yield started
    started.stop()


@pytest.fixture(scope="package")
def other_dealership(embedded: Embedded) -> Dealership:
    """A dealer whom nothing concerns that happens at any other, on the embedded suite."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    return open_dealership(admin, embedded.base_url, dealer=OTHER, name="朝阳店", password=PASSWORD)


@pytest.fixture(scope="package")
def deployment(vhosts: Any, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The suite on RabbitMQ and PostgreSQL, a process per service, which all journeys share."""
    folder: Path = tmp_path_factory.mktemp("deployment")
    databases = {name: fresh_database(name) for name in suite.SERVICES}
    started = Deployment(vhosts.make(), databases, folder)
    try:
        started.open()
        yield started
    finally:
        started.stop()
