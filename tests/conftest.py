"""What every test may ask for: a broker, a vhost of its own, databases of its own.

The services run on eventlet, so the tests do too. The patch comes before every other import: a module that was imported
earlier keeps the blocking functions it took.
"""

import os
import signal
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet announces its own end; nameko stands on it
    import eventlet

    eventlet.monkey_patch()

from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from chassis.service.entrypoints import Service
from chassis.store.migrations import migrate
from deploy.dev import Infrastructure, InfrastructureError, ensure
from tests.infrastructure import Databases, ServiceDatabase, Vhosts

collect_ignore = ["browser"]
"""They run in a process of their own, unpatched (deploy/dev/browser.py)."""


def pytest_configure() -> None:
    """A terminated run, too, ends the processes it started and removes its databases and virtual hosts.

    Commands speak English to tests, whoever runs them.
    """
    os.environ["LANGUAGE"] = "en"

    def end(number: int, frame: FrameType | None) -> None:
        pytest.exit("terminated")

    signal.signal(signal.SIGTERM, end)


@pytest.fixture(scope="session")
def infrastructure() -> Infrastructure:
    """RabbitMQ and PostgreSQL, started if need be. Without them the run fails at once and says what to install."""
    try:
        return ensure()
    except InfrastructureError as error:
        pytest.exit(str(error), returncode=1)


@pytest.fixture(scope="session")
def vhosts(infrastructure: Infrastructure) -> Iterator[Vhosts]:
    """Makes virtual hosts on the broker; all of them are gone after the run."""
    made = Vhosts(infrastructure)
    made.remove_leftovers()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def amqp_uri(vhosts: Vhosts) -> str:
    """The administrator's URI of one virtual host for the whole run."""
    return vhosts.make()


@pytest.fixture(scope="module")
def module_amqp_uri(vhosts: Vhosts) -> Iterator[str]:
    """The administrator's URI of a virtual host that this test module has for itself."""
    uri = vhosts.make()
    yield uri
    vhosts.delete(uri)


@pytest.fixture(scope="session")
def databases(infrastructure: Infrastructure) -> Iterator[Databases]:
    """Makes databases on the server; all of them are gone after the run."""
    made = Databases(infrastructure)
    made.remove_leftovers()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def fresh_database(databases: Databases) -> Callable[[str], ServiceDatabase]:
    """`fresh_database("parts")`: a new empty database with owner and runtime role, as provisioning makes it for the service."""
    return databases.make


@pytest.fixture(scope="session")
def migrated_database(databases: Databases) -> Callable[[type[Service]], ServiceDatabase]:
    """`migrated_database(PartsService)`: a new database of the service at its newest revision."""
    templates: dict[type[Service], ServiceDatabase] = {}

    def make(service_class: type[Service]) -> ServiceDatabase:
        if service_class not in templates:
            templates[service_class] = databases.make(service_class.name)
            migrate(service_class, templates[service_class].owner_url)
        return databases.copy(templates[service_class], service_class.name)

    return make
