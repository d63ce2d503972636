"""What came of each drill, in a table and in out/latest.json."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest

from tests.drills.drill import Drill, Outcome, printed, write
from tests.faults.world import Worlds, judged

_OUTCOMES = pytest.StashKey[list[Outcome]]()

DRILL_SECONDS = 480.0
"""Eight times what a drill should take, for a machine that has other things to do."""


class DrillAt(Protocol):
    """What a test gets: `with drill_at("a node killed", worlds) as drill`."""

    def __call__(self, name: str, worlds: Worlds, seconds: float = DRILL_SECONDS) -> AbstractContextManager[Drill]: ...


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
