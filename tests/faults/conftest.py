"""Fault tests: the suite as two processes per service, on servers of its own where a fault stops servers.

One world serves all faults as long as they are withstood; after a failure the next fault gets a new one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy.dev import Infrastructure
from servicelane import suite
from tests.faults.bus import Bus
from tests.faults.results import Result, printed, write
from tests.faults.servers import OUT, Servers
from tests.faults.world import Fault, MakeFault, World, Worlds, judged
from tests.infrastructure import Databases, Vhosts

_RESULTS = pytest.StashKey[list[Result]]()


def pytest_configure(config: pytest.Config) -> None:
    """Long faults run when they are asked for with -m."""
    config.addinivalue_line("markers", "long: stops servers and takes minutes; `make faults` runs it, `make test` does not")
    config.stash[_RESULTS] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without -m, only the short selection."""
    if not config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="package")
def private_worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Worlds on servers that may be stopped, killed and frozen."""
    servers = Servers()
    vhosts, databases = Vhosts(servers.infrastructure), Databases(servers.infrastructure)
    worlds = Worlds(partial(_world, vhosts.make, databases.make, tmp_path_factory, servers.infrastructure, servers))
    yield worlds
    worlds.discard()
    servers.close()


@pytest.fixture(scope="package")
def shared_worlds(
    infrastructure: Infrastructure, vhosts: Vhosts, fresh_database: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worlds]:
    """Worlds on the servers of every other test: only our own processes may be harmed."""
    worlds = Worlds(partial(_world, vhosts.make, fresh_database, tmp_path_factory, infrastructure, None))
    yield worlds
    worlds.discard()


@pytest.fixture
def make_fault(request: pytest.FixtureRequest) -> MakeFault:
    """`with make_fault("relay killed", 90) as fault`: a run with long faults has its own servers, the short selection shares."""
    long = any(item.get_closest_marker("long") for item in request.session.items)
    worlds: Worlds = request.getfixturevalue("private_worlds" if long else "shared_worlds")
    results = request.config.stash[_RESULTS]

    @contextmanager
    def make(name: str, seconds: float) -> Iterator[Fault]:
        result = Result(name)
        results.append(result)
        try:
            with judged(Fault(worlds.current(), result), seconds) as one:
                yield one
            if one.world.spoilt:
                worlds.discard()
        except BaseException:
            worlds.discard()
            raise
        finally:
            write(results, OUT / "latest.json")

    return make


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table; for programs it stands in out/latest.json, too: of this run's faults, whichever were chosen."""
    results = config.stash[_RESULTS]
    if results:
        terminalreporter.write_line(printed(results))


def _world(
    vhost: Callable[[], str],
    database: Callable[[str], Any],
    folders: pytest.TempPathFactory,
    infrastructure: Infrastructure,
    servers: Servers | None,
) -> World:
    if servers is not None:
        servers.heal()
    folder: Path = folders.mktemp("world")
    bus = Bus(vhost(), infrastructure.management_url)
    return World(bus, {name: database(name) for name in suite.SERVICES}, folder, servers)
