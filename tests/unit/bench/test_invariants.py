"""What is proved after a run."""

from collections.abc import Sequence
from typing import Any

import pytest

from bench.arms.ours import RUNNING
from bench.data.invariants import OURS, PLAIN
from servicelane.invariants import Books, check
from servicelane.invariants.checks import Check


class AskedBooks(Books):
    """Books in which nothing stands, and which know who was asked for them."""

    def __init__(self, services: Sequence[str]) -> None:
        super().__init__({})
        self.asked: set[str] = set()
        self._running = list(services)

    @property
    def services(self) -> list[str]:
        return self._running

    def rows(self, service: str, query: str, **more: Any) -> list[Any]:
        self.asked.add(service)
        return []


@pytest.mark.parametrize("checks", [OURS, PLAIN])
def test_nobody_is_asked_who_does_not_run(checks: tuple[Check, ...]) -> None:
    """The arms run the services that a delivery concerns; a check that asks another one would end the run at its end."""
    books = AskedBooks(RUNNING)
    assert check(books, checks, dealer="sh-pudong") == []
    assert books.asked == {*RUNNING}
