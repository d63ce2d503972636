"""Journeys: through the public HTTP API only, on the embedded suite and on the real one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicelane import suite
from tests.deployment import Deployment, Embedded


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The embedded suite."""
    started = Embedded(tmp_path_factory.mktemp("embedded"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def deployment(vhosts: Any, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The suite on RabbitMQ and PostgreSQL, a process per service."""
    folder: Path = tmp_path_factory.mktemp("deployment")
    databases = {name: fresh_database(name) for name in suite.SERVICES}
    started = Deployment(vhosts.make(), databases, folder)
    try:
        started.open()
        yield started
    finally:
        started.stop()
