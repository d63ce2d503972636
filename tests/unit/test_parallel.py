"""How the tests are shared among workers."""

from pathlib import Path
from typing import Any, NamedTuple

from tests.parallel import _claimed


class Item(NamedTuple):
    """A collected test."""

    nodeid: str


FILES = ("tests/unit/test_a.py", "tests/bus/test_b.py", "tests/faults/test_c.py", "tests/journeys/test_d.py")
ITEMS: list[Any] = [Item(f"{file}::test_{number}") for file in FILES for number in range(3)]


def claimed_by_two(shared: Path) -> tuple[list[str], list[str]]:
    """What two workers that take turns come to claim."""
    claimed: tuple[list[str], list[str]] = ([], [])
    workers = [(_claimed(ITEMS, shared), mine) for mine in claimed]
    for _ in ITEMS:
        for worker, mine in workers:
            mine += [item.nodeid for item in [next(worker, None)] if item is not None]
    return claimed


def test_every_test_is_claimed_by_exactly_one(tmp_path: Path) -> None:
    """None is lost, none is run twice."""
    one, other = claimed_by_two(tmp_path)
    assert one
    assert other
    assert sorted(one + other) == sorted(item.nodeid for item in ITEMS)


def test_a_file_is_not_torn_apart(tmp_path: Path) -> None:
    """Its tests share what is made once for the file; those that start the suite as processes stay with one worker."""
    one, other = ([name.partition("::")[0] for name in mine] for mine in claimed_by_two(tmp_path))
    assert not set(one) & set(other)
    together = {FILES[2], FILES[3]}
    assert together <= set(one) or together <= set(other)


def test_the_slowest_come_first(tmp_path: Path) -> None:
    """Whoever begins last with the longest makes all the others wait."""
    order = [item.nodeid.split("/")[1] for item in _claimed(ITEMS, tmp_path)]
    assert list(dict.fromkeys(order)) == ["journeys", "faults", "bus", "unit"]
