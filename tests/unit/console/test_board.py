"""The board with many cars: small enough for a tablet's line, and quick enough to be asked for often."""

import gzip
import re
import time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import g

from console.shell import AGAIN
from console.slips import Floor
from tests.unit.console.floor import DEALER, NOW, SHARES, board, foremans_console

ZONE = ZoneInfo("Asia/Shanghai")
BOARD = f"/d/{DEALER}/board"


def page(cars: int) -> tuple[bytes, str]:
    with foremans_console(cars) as app, app.test_client() as browser:
        browser.set_cookie("lane", "h")
        answer = browser.get(BOARD, headers={"Accept-Encoding": "gzip", "Accept-Language": "zh"})
        assert answer.status_code == 200
        sent = answer.get_data()
    return sent, gzip.decompress(sent).decode()


@pytest.mark.parametrize(("cars", "most"), [(60, 12_000), (200, 25_000)])
def test_a_board_stays_small(cars: int, most: int) -> None:
    """Every car is on it, and as it is sent it is no larger than the design allows: 25 kB with 200 cars."""
    sent, text = page(cars)
    assert sum(f'<li id="{one["id"]}"' in text for one in board(cars)["orders"]) == cars
    assert len(sent) <= most


def test_a_lane_keeps_its_place_and_takes_the_width_it_needs() -> None:
    """All six are there with any floor; the fullest is the widest."""
    for cars in (0, 1, 60):
        _, text = page(cars)
        places = [text.index(f'id="lane-{lane}"') for lane in SHARES]
        assert places == sorted(places)
    assert 'class="lane by-6 in_progress"' in text


def test_a_page_that_is_read_again_is_the_same_without_its_frame() -> None:
    """Who shows it already takes what is in `main`: stylesheet, navigation and palette are there."""
    with foremans_console(60) as app, app.test_client() as browser:
        browser.set_cookie("lane", "h")
        first, again = (browser.get(BOARD, headers=said).text for said in ({}, {AGAIN: "again"}))
    nonce = re.compile(r'name="nonce" value="[^"]*"')
    begin, end = '<main id="main"', "</main>"
    assert nonce.sub("", again.strip()) == nonce.sub("", first[first.index(begin) : first.index(end) + len(end)])
    assert ("<nav class=" in first, "<!doctype html>" in first) == (True, True)


def test_a_large_board_takes_little_of_the_consoles_own_time() -> None:
    """The least of ten: a busy machine makes it slower, nothing makes it faster."""
    with foremans_console(200) as app, app.test_client() as browser:
        browser.set_cookie("lane", "h")
        taken = []
        for _ in range(10):
            began = time.process_time()
            browser.get(BOARD, headers={"Accept-Encoding": "gzip"})
            taken.append(time.process_time() - began)
    assert min(taken) < 0.06


@pytest.mark.parametrize("rework", [0, 1])
def test_what_was_begun_and_waits_to_be_taken_up_again_says_so(rework: int) -> None:
    """Off hold it stands with what nobody has begun; what failed its inspection says that instead."""
    floor = board(200)
    [one, other, *_] = [each for each in floor["orders"] if each["status"] == "dispatched"]
    one["rework_count"], other["rework_count"] = rework, 0
    one["lines"][0]["times"] = [{"technician": "t", "technician_name": None, "minutes": 0, "since": None}]
    with foremans_console(1) as app, app.test_request_context("/", headers={"Accept-Language": "zh"}):
        g.visit = SimpleNamespace(zone=ZONE, now=NOW)
        slips = {slip.one["id"]: slip for lane in Floor(floor, NOW, ZONE).lanes for slip in lane.slips}
        said = {each["id"]: [words for _, words in slips[each["id"]].waits] for each in (one, other)}
    assert ("已开工" in said[one["id"]]) == (not rework)
    assert "已开工" not in said[other["id"]]
