"""What the console's measurement concludes: one page too large or too slow, or a gateway that boards slow down, fails it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bench.fleet.front import Told
from bench.report.bars import BOARD, Bars, Page, Turn


def a_page(name: str = "order.order", **changes) -> Page:
    usual = {"status": 200, "size": 5_000, "gateway_requests": 10, "took": [40.0] * 10, "own": [5.0] * 10, "cpu_ms": 5.0}
    return Page(name, **{**usual, **changes})


def a_turn(boards: int, delivery: float = 20.0, page: float = 50.0, failed: int = 0) -> Turn:
    how, took = {"asking every 5 s": boards} if boards else {}, [delivery] * 20
    cores = {"console-a": 0.5, "gateway-a": 0.3, "workshop-a": 0.2}
    return Turn(
        how, took, 60.0, 10.0, [40.0] if boards else [], [page] * 20, [5.0], cores, Counter({"503": failed} if failed else {})
    )


def bars(*pages: Page, turns: tuple[Turn, ...] = (a_turn(0), a_turn(500))) -> Bars:
    found = Bars(rate=2.0, pages=[a_page(BOARD, size=20_000), a_page("orders.mine"), *pages], turns=list(turns))
    found.weigh_assets()
    return found


def missed(found: Bars) -> list[str]:
    return [one.what for one in found.verdicts() if not one.met]


def test_a_console_within_its_bars_passes():
    """And every bar is in the text, met."""
    found = bars(a_page())
    assert found.passed
    assert missed(found) == []
    assert "MISSED" not in found.text()
    assert "500 asking every 5 s" in found.text()


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (a_page(size=8_001), "largest page but the board, bytes"),
        (a_page(own=[5.0] * 9 + [16.0]), "the console's own time, p95 of the slowest page, ms"),
        (a_page(took=[40.0] * 9 + [151.0]), "a page with up to 4 reads, p95 of the slowest, ms"),
    ],
)
def test_one_page_that_misses_its_bar_fails(page: Page, what: str):
    """Whatever the others are."""
    found = bars(page)
    assert missed(found) == [what]
    assert not found.passed


def test_a_page_of_more_reads_has_no_bar_in_time():
    """It is shown all the same."""
    assert bars(a_page("attention.matters", gateway_requests=70, took=[400.0] * 10)).passed


def test_boards_that_slow_deliveries_down_fail():
    """A half more is too much."""
    assert bars(turns=(a_turn(0), a_turn(500, delivery=29.0))).passed
    found = bars(turns=(a_turn(0), a_turn(500, delivery=31.0)))
    assert missed(found) == ["a delivery's p95 with the boards to without"]


def test_a_change_that_is_seen_late_fails():
    """After five seconds."""
    found = bars()
    found.changes = [300.0] * 19 + [5_001.0] * 2
    assert missed(found) == ["from a change to a page that has it, p95, ms"]


def test_a_page_that_is_not_there_or_a_request_that_fails_fails():
    """However fast."""
    assert not bars(a_page("line.line", status=404)).passed
    assert not bars(turns=(a_turn(0), a_turn(500, failed=1))).passed


def test_what_a_process_logged_is_read_once_and_no_half_a_line(tmp_path: Path):
    """Only requests, and what is being written comes the next time."""
    log = tmp_path / "console-a.log"
    log.write_text("from an earlier run\n")
    told = Told(log)
    line = json.dumps({"event": "page_answered", "ms": 7})
    with log.open("a") as writing:
        writing.write(f'{line}\nTraceback\n{{"event": "other"}}\n{line[:10]}')
    assert [one["ms"] for one in told.requests()] == [7]
    with log.open("a") as writing:
        writing.write(f"{line[10:]}\n")
    assert [one["ms"] for one in told.requests()] == [7]
    assert told.requests() == []
