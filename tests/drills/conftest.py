"""What came of each drill, in a table and in out/latest.json."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest

from servicelane import suite
from tests.drills.drill import Drill, Outcome, printed, write
from tests.drills.servers import One
from tests.faults.bus import Bus
from tests.faults.world import World, Worlds, judged
from tests.infrastructure import Databases, Vhosts

_OUTCOMES = pytest.StashKey[list[Outcome]]()

DRILL_SECONDS = 480.0
"""Eight times what a drill should take, for a machine that has other things to do."""


class DrillAt(Protocol):
    """What a test gets: `with drill_at("a node killed", worlds) as drill`."""

    def __call__(self, name: str, worlds: Worlds, seconds: float = DRILL_SECONDS) -> AbstractContextManager[Drill]: ...


@contextmanager
def worlds_of(servers: One, folders: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The suite at one broker and one database, as often as a drill spoils it; at the end they go, too."""
    vhosts, databases = Vhosts(servers.infrastructure), Databases(servers.infrastructure)

    def make() -> World:
        bus = Bus(vhosts.make(), servers.infrastructure.management_url)
        made = {name: databases.make(name) for name in suite.SERVICES}
        return World(bus, made, folders.mktemp("world"), servers)  # type: ignore[arg-type]  # One has what is asked of them

    worlds = Worlds(make)
    try:
        yield worlds
    finally:
        worlds.discard()
        servers.close()


def pytest_configure(config: pytest.Config) -> None:
    """Outcomes are gathered over the run."""
    config.stash[_OUTCOMES] = []


@pytest.fixture
def drill_at(request: pytest.FixtureRequest) -> DrillAt:
    """One drill in a world, which is given up when it does not withstand."""
    outcomes = request.config.stash[_OUTCOMES]

    @contextmanager
    def make(name: str, worlds: Worlds, seconds: float = DRILL_SECONDS) -> Iterator[Drill]:
        outcome = Outcome(name)
        outcomes.append(outcome)
        drill: Drill | None = None
        try:
            drill = Drill(worlds.current(), outcome)
            with judged(drill, seconds):
                yield drill
            if drill.world.spoilt:
                worlds.discard()
        except BaseException:
            if drill and drill.visitors:
                drill.visitors.dismiss()
            worlds.discard()
            raise
        finally:
            write(outcomes)

    return make


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The table."""
    if outcomes := config.stash[_OUTCOMES]:
        terminalreporter.write_line(printed(outcomes))
