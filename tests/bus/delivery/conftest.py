"""Delivery tests run twice: over the embedded bus with SQLite, and over real RabbitMQ with real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import kombu
import pytest

from chassis.amqp import topology
from chassis.service.entrypoints import Service
from tests.bus.delivery.replicas import Bus
from tests.bus.toy.service import ToyService


@pytest.fixture
def embedded_bus(tmp_path: Path, migrated_file: Callable[[type[Service], Path], str]) -> Iterator[Bus]:
    """The bus of this process, and SQLite."""
    yield from _opened(Bus(f"embedded://toy-{uuid4()}/", migrated_file(ToyService, tmp_path), None))


@pytest.fixture
def server_bus(vhosts: Any, migrated_database: Any) -> Iterator[Bus]:
    """A virtual host of RabbitMQ's, and a database of PostgreSQL's."""
    database = migrated_database(ToyService)
    yield from _opened(Bus(vhosts.make(), database.url, database.admin_url))


@pytest.fixture(params=["embedded_bus", "server_bus"])
def bus(request: pytest.FixtureRequest) -> Bus:
    """A fresh bus and database, of either kind."""
    found: Bus = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def connection(bus: Bus) -> Iterator[Any]:
    """A plain kombu connection to the bus."""
    with kombu.Connection(bus.amqp_uri) as opened:
        yield opened


def _opened(bus: Bus) -> Iterator[Bus]:
    topology.declare_exchange(bus.amqp_uri, "toy")
    topology.declare(bus.amqp_uri, "toy", {one.name: one.events.values() for one in ToyService.subscriptions()})
    yield bus
    for replica in bus.running:
        replica.stop()
