"""The doors of live pages: who may open a stream, how many there are, and that a drain ends them."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from contextlib import ExitStack
from typing import Any

import requests

from console.process import Console
from console.settings import ConsoleSettings
from tests.unit.console.feeder import DEALER, OTHER, Feeder, Replica, address, feeder, opened, replica  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_a_session_has_so_many_streams_and_all_together_so_many(feeder: Feeder, replica: Any) -> None:
    """429 with Retry-After; who closes one may open another."""
    console = replica(streams=3, streams_of_one=2)
    with ExitStack() as stack:
        for handle in ("li", "li", "wang"):
            stack.enter_context(console.tab(handle))
        for handle in ("li", "wang"):
            refused = requests.get(address(console), cookies={"lane": handle}, timeout=20)
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) > 0
    awaited(lambda: opened(console) == 200, "the closed ones to be forgotten")


def test_streams_take_no_requests_place(feeder: Feeder, replica: Any) -> None:
    """Ten places, eleven streams: a page is answered all the same."""
    console = replica()
    with ExitStack() as stack:
        for _ in range(11):
            stack.enter_context(console.tab("li"))
        assert requests.get(address(console, "/sign-in"), timeout=20).status_code == 200


DOORS: list[tuple[str, str, dict[str, str], int]] = [
    ("nobody", f"/d/{DEALER}/live", {}, 401),
    ("", f"/d/{DEALER}/live", {}, 401),
    ("li", f"/d/{OTHER}/live", {}, 404),
    ("li", "/d/nowhere/live", {}, 404),
    ("zhao", f"/d/{DEALER}/live", {}, 403),
    ("li", f"/d/{DEALER}/live", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("li", f"/d/{DEALER}/live", {"Sec-Fetch-Site": "same-site"}, 403),
    ("li", f"/d/{DEALER}/live", {"Sec-Fetch-Site": "same-origin"}, 200),
]


def test_who_may_not_open_one(feeder: Feeder, replica: Any) -> None:
    """Signed out, another dealer (as if there were none), no role that may, another site's page. Nobody is led to the sign-in."""
    feeder.people["zhao"] = {DEALER: ["janitor"]}
    console = replica()
    for handle, path, headers, status in DOORS:
        assert opened(console, handle, path, **headers) == status, (handle, path, headers)
    assert {one.handle for one in feeder.streams} <= {"li"}


def test_a_drain_ends_every_stream_at_once(feeder: Feeder) -> None:
    """And the line; no new one begins."""
    console = Console(ConsoleSettings(f"http://127.0.0.1:{feeder.port}", http_address="127.0.0.1:0", secure_cookie=False))
    console.start()
    running = Replica.__new__(Replica)
    running.server, running.live = console._server, console._live
    with running.tab("li") as tab:
        began = time.monotonic()
        console.stop()
        assert time.monotonic() - began < 5, "it waited for the stream"
        awaited(lambda: tab.ended, "the stream to end")
        awaited(lambda: not feeder.open, "the line to end")
    assert running.live.closed


def test_a_replica_that_ends_takes_no_more(feeder: Feeder, replica: Any) -> None:
    """503: the browser finds another one."""
    console = replica()
    console.live.close()
    assert opened(console) == 503


def test_open_streams_are_counted(feeder: Feeder, replica: Any) -> None:
    """As Prometheus reads it."""
    console = replica()
    with console.tab("li"):
        assert 'servicelane_change_streams{service="console"} 1.0' in console.app.extensions["metrics"].exposition().decode()
