"""The console's bars: how large its pages are, how long they take, and what 500 open boards do to the gateway.

    python -m bench.console [--quick]      # writes bench/out/console.json and console.md

One process of each service and one of the console. First every page by itself, at a dealer with 200 cars on the floor. Then
orders are delivered at a steady rate at 50 dealers while somebody walks through the pages, in turns without and with ten boards
open at each dealer: what differs between the turns of a pair is the boards'.
"""

import argparse
import gzip
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.arms.worker import OUT, Worker
from bench.data.mixes import Order
from bench.data.sandbox import Sandbox
from bench.estimates import balanced
from bench.fleet.browsers import Browser
from bench.fleet.floor import Floor
from bench.fleet.front import Front
from bench.measuring import console, measured
from bench.report.bars import Bars, Page, Turn
from console.screens import SCREENS
from deploy.local.installation import PASSWORD
from deploy.local.proc import cpu_seconds
from gateway.http.sharing import GATHERING_SECONDS
from servicelane.client import Client, signed_in
from servicelane.dealership import open_dealership, open_group

CARS = 200
BOARDS = 10
"""Open at each dealer."""
LEFT_STANDING = 1_000
"""Cars ready at the 50 dealers when everything else is delivered: a board is never empty."""
BUSY = "busy"
"""The dealer with all those cars."""
TECHNICIANS = "/my-work"
"""What only the technician sees whom a car was given to."""
OF_DELIVERED = ("account", "gate-pass", "hand-over", "invoices", "slips")
"""What addresses of pages have in them that are about a delivered car."""
FLOOR = ("board.floor", "board.card")
"""Pages that stand on a read which gathers who asks for it: nobody asks twice within that time."""
WARM_UP = 5
CHANGES = 20
JOB_SECONDS = 300
SETTLE_SECONDS = 2.0
WALKED = ("orders.mine", "order.order", "board.card", "attention.matters", "cashier.queue")


class Measurement:
    """One front, its dealers and its browsers."""

    def __init__(self, sandbox: Sandbox, options: argparse.Namespace) -> None:
        self._began = time.monotonic()
        self._options = options
        self._front = Front(sandbox, options.against and options.against.resolve())
        self._orders: list[Order] = []
        self.bars = Bars(rate=options.rate)

    def run(self) -> Bars:
        """All of it."""
        with ExitStack() as ending:
            ending.callback(self._front.close)
            admin = self._front.open()
            self._say("the suite is up")
            pages = self._furnish(admin)
            self._say(f"{self._options.cars} cars are on the floor")
            handle = signed_in(self._front.gateway, f"{BUSY}.manager", PASSWORD)["refresh_token"]
            theirs = signed_in(self._front.gateway, f"{BUSY}.technician", PASSWORD)["refresh_token"]
            self._pages(pages, handle, theirs)
            self._changes(Browser(self._front.console, handle, 60_002), pages["board.floor"])
            load = self._worker(ending, "console-load", ["bench.arms.load", "http"])
            load.receive(JOB_SECONDS)
            browsers = self._worker(ending, "console-browsers", ["bench.fleet.browsers"])
            walked = [path for name, path in pages.items() if name in WALKED]
            boards = self._front.readers(admin, BOARDS)
            browsers.tell({"address": self._front.console, "boards": boards, "walk": {"handle": handle, "pages": walked}})
            for first in balanced(self._options.pairs):
                for with_boards in (not first, first):
                    self._turn(load, browsers, with_boards=with_boards)
        return self.bars

    def _furnish(self, admin: Client) -> dict[str, str]:
        """Cars for everybody; the addresses of the pages by name."""
        turns = 2 * self._options.pairs
        self._orders = self._front.deployment.orders(round(self._options.rate * self._options.seconds) * turns + LEFT_STANDING)
        open_group(admin)
        at = open_dealership(admin, self._front.gateway, dealer=BUSY, name="浦东店", password=PASSWORD)
        self._at = at
        at_work, delivered, self._to_hold = Floor(at, admin, self._front.gateway, PASSWORD).fill(self._options.cars)
        found = {}
        for page in (page for screen in SCREENS for page in screen.pages):
            path = page.path.replace("<work_order_id>", self._to_hold) if page.path.startswith(TECHNICIANS) else page.path
            for name, known in (delivered if any(word in path for word in OF_DELIVERED) else at_work).items():
                path = path.replace(f"<{name}>", known)
            if "<" in path:
                raise ValueError(f"{page.endpoint}: the floor does not say what stands at {path}")
            found[page.endpoint] = f"/d/{BUSY}{path}"
        return found

    def _worker(self, ending: ExitStack, name: str, arguments: list[str]) -> Worker:
        environment = {**self._front.deployment.environment, "HTTP_ADDRESS": self._front.gateway.removeprefix("http://")}
        worker = Worker(name, ["-m", "bench.cooperative", *arguments], environment)
        ending.callback(worker.stop)
        return worker

    def _pages(self, pages: dict[str, str], managers: str, technicians: str) -> None:
        """One page after the other, at rest; in turn with the other checkout's console, if there is one."""
        for name, path in pages.items() if self._options.requests else ():
            handle = technicians if TECHNICIANS in path else managers
            consoles = {"console-a": Browser(self._front.console, handle, 60_000)}
            if self._front.other:
                consoles["console-b"] = Browser(self._front.other, handle, 60_001)
            for _ in range(WARM_UP):
                for browser in consoles.values():
                    browser.get(path)
            self._requests()
            before = {which: cpu_seconds(self._front.groups()[which]) for which in consoles}
            found = {which: Page(name) for which in consoles}
            for _ in range(self._options.requests):
                for which, browser in consoles.items():
                    time.sleep(GATHERING_SECONDS if name in FLOOR else 0)
                    self._ask(found[which], which, browser, path)
            for which, page in found.items():
                page.cpu_ms = (cpu_seconds(self._front.groups()[which]) - before[which]) / self._options.requests * 1000
            page = found["console-a"]
            page.there = found.get("console-b")
            self.bars.pages.append(page)
            self._say(page.line())
            for browser in consoles.values():
                browser.hang_up()
        self.bars.weigh_assets()

    def _changes(self, browser: Browser, board: str) -> None:
        """How long after a change was answered the console has told of it and has it on the board; browsers wait a little."""
        told = browser.events(f"/d/{BUSY}/live?since={int(time.time() * 1000)}")
        order = self._at.manager.get(f"/work-orders/{self._to_hold}")
        for _ in range(CHANGES):
            holds = order["status"] != "on_hold"
            verb, body = ("hold", {"reason": "parts"}) if holds else ("resume", None)
            order = self._at.manager.post(f"/work-orders/{order['id']}/{verb}", body, of=order)
            answered = time.monotonic()
            while True:
                name, keys, _mark = next(told)
                if name != "resync" and not (name == "change" and order["id"] in keys):
                    continue
                on_hold = (
                    gzip.decompress(browser.get(board)[1]).decode().partition('id="lane-on_hold"')[2].partition("</section>")[0]
                )
                if (f'id="{order["id"]}"' in on_hold) == holds:
                    break
            self.bars.changes.append((time.monotonic() - answered) * 1000)
        browser.hang_up()

    def _ask(self, page: Page, which: str, browser: Browser, path: str) -> None:
        began = time.monotonic()
        page.status, body = browser.get(path)
        page.took.append((time.monotonic() - began) * 1000)
        page.size = len(body)
        answered = self._requests()
        page.own += [one["ms"] - one["gateway_ms"] for one in answered[which]]
        page.gateway_requests += len(answered["gateway-a"])

    def _turn(self, load: Worker, browsers: Worker, *, with_boards: bool) -> None:
        seconds, rate = self._options.seconds, self._options.rate
        how: dict[str, int] = {}
        if with_boards:
            browsers.tell({"do": "open"})
            opened = browsers.receive(JOB_SECONDS)
            how = opened["how"]
            self._say(f"boards are open after {opened['seconds']:.0f} s")
        time.sleep(SETTLE_SECONDS)
        now, self._orders = self._orders[: round(rate * seconds)], self._orders[round(rate * seconds) :]
        self._requests()
        groups = self._front.groups()
        before, began = {name: cpu_seconds(pids) for name, pids in groups.items()}, time.monotonic()
        load.tell({"orders": [[one.dealer, one.id, one.version] for one in now], "rate": rate, "clients": 0, "repeats": 0.0})
        browsers.tell({"do": "look", "seconds": seconds})
        seen, delivered = browsers.receive(JOB_SECONDS), load.receive(JOB_SECONDS)
        lasted = time.monotonic() - began
        cores = {name: (cpu_seconds(pids) - before[name]) / lasted for name, pids in groups.items()}
        answered = self._requests()
        self.bars.turns.append(
            Turn(
                boards=how,
                deliveries=delivered["took"],
                requests=len(answered["gateway-a"]) / lasted,
                refreshed=len(seen["boards"]) / lasted,
                board_ms=seen["boards"],
                page_ms=seen["pages"],
                own_ms=[one["ms"] - one["gateway_ms"] for one in answered["console-a"]],
                cores=cores,
                failed=Counter(seen["failed"]) + Counter(delivered["failed"]),
            )
        )
        if with_boards:
            browsers.tell({"do": "close"})
            browsers.receive(JOB_SECONDS)
        self._say(self.bars.turns[-1].line())

    def _say(self, line: str) -> None:
        console.print(f"{time.monotonic() - self._began:.0f} s: {line}", markup=False, soft_wrap=True)

    def _requests(self) -> dict[str, Sequence[dict[str, Any]]]:
        return {name: told.requests() for name, told in self._front.told.items()}


def main() -> int:
    """Measure; the exit status is 1 when a bar was missed or a request failed."""
    options = _options()

    def judged(sandbox: Sandbox) -> int:
        for log in OUT.glob("*.log"):
            log.unlink()
        bars = Measurement(sandbox, options).run()
        bars.write(OUT)
        console.print(bars.text(), markup=False, soft_wrap=True)
        return 0 if bars.passed else 1

    return measured(judged)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--pairs", type=int, help="of a turn without and one with boards; 4, or 1 if quick")
    parser.add_argument("--seconds", type=float, help="of a turn; 20, or 8 if quick")
    parser.add_argument(
        "--requests", type=int, help="of each page, after some that do not count; 40, or 10 if quick, or 0 for none"
    )
    parser.add_argument("--rate", type=float, default=2.0, help="deliveries a second at the 50 dealers together; 2 if not said")
    parser.add_argument("--cars", type=int, default=CARS, help=f"on the floor of one dealer; {CARS} if not said")
    parser.add_argument("--against", type=Path, metavar="DIR", help="each page in turn with the console of the checkout in DIR")
    parser.add_argument("--quick", action="store_true", help="for a first impression")
    options = parser.parse_args()
    options.pairs = options.pairs or (1 if options.quick else 4)
    options.seconds = options.seconds or (8.0 if options.quick else 20.0)
    options.requests = (10 if options.quick else 40) if options.requests is None else options.requests
    return options


if __name__ == "__main__":
    sys.exit(main())
