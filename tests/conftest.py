"""What every test may ask for: a broker, a vhost of its own, databases of its own.

The services run on eventlet, so the tests do too. The patch comes before every other import: a module that was imported
earlier keeps the blocking functions it took.
"""

import os
import shutil
import signal
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # eventlet announces its own end; nameko stands on it
    import eventlet

    eventlet.monkey_patch()

from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import settings

from chassis.service.entrypoints import Service
from chassis.store.migrations import migrate
from deploy.dev import Infrastructure, InfrastructureError, ensure
from tests.infrastructure import Databases, ServiceDatabase, Vhosts
from tests.lending import Lending, Lent

collect_ignore = ["browser"]
"""They run in a process of their own, unpatched (deploy/dev/browser.py)."""


def pytest_configure() -> None:
    """A terminated run, too, ends the processes it started and removes its databases and virtual hosts.

    Commands speak English to tests, whoever runs them, and passwords are hashed as quickly as an operator may have them hashed.
    No example has a time in which it must be done: the machine may be busy, and the clock is not what is tested.
    """
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    os.environ["LANGUAGE"] = "en"
    os.environ["PASSWORD_MEMORY_MIB"] = "12"

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


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[type[Service], Path], str]:
    """`migrated_file(PartsService, folder)`: the URL of a new SQLite file of the service, at its newest revision."""
    templates = tmp_path_factory.mktemp("templates")

    def make(service_class: type[Service], folder: Path) -> str:
        name = f"{service_class.name}.sqlite"
        if not (templates / name).exists():
            migrate(service_class, f"sqlite:///{templates}/{name}")
        shutil.copy(templates / name, folder)
        return f"sqlite:///{folder}/{name}"

    return make


@pytest.fixture(scope="session")
def lending(migrated_database: Callable[[type[Service]], ServiceDatabase]) -> Iterator[Lending]:
    """Databases that tests have one after the other."""
    lends = Lending(migrated_database)
    yield lends
    lends.close()


@pytest.fixture
def lent_database(lending: Lending, request: pytest.FixtureRequest) -> Iterator[Callable[[type[Service]], Lent]]:
    """`lent_database(PartsService)`: an empty database of the service, for this test."""
    lent: list[Lent] = []
    new = request.node.get_closest_marker("new_database") is not None

    def lend(service_class: type[Service]) -> Lent:
        lent.append(lending.lend(service_class, new=new))
        return lent[-1]

    yield lend
    for one in lent:
        lending.take_back(one)
