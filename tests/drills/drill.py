"""One drill: what is done to the servers, how long nobody was served, and what came of it."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import eventlet
import requests
from rich.console import Console
from rich.table import Table

from deploy.local.desk import Desk, Order
from tests.faults.results import Result
from tests.faults.world import HANDS, Fault, Load

EVERY_SECONDS = 0.25
LOOKS = 4
"""Every so often somebody wants more than to look."""
QUIET_SECONDS = 5.0
MOST_WAITING = 60
OUT = Path(__file__).with_name("out")

_ISSUED = "SELECT envelope::json ->> 'causationid' AS cause, time FROM outbox WHERE type = 'billing.invoice.issued'"
_DELIVERED = "SELECT id::text AS id, time FROM outbox WHERE type = 'workshop.work_order.delivered' AND subject = ANY(:ids)"


@dataclass
class Outcome(Result):
    """What came of a drill.

    `seconds_without_service`: the longest time in which nobody was answered by workshop, of four who asked each second;
    `seconds_before`: the same of the quiet before, which is the machine's noise. `seconds_of_effects`: the longest time from a
    delivery to its invoice, over broker and two databases. `named`: how much `reconcile` had to name in the middle of it.
    `most_errors`: how often at most one request was answered by an error, where that is counted.
    """

    seconds_without_service: float = 0.0
    seconds_before: float = 0.0
    seconds_of_effects: float = 0.0
    named: int = 0
    most_errors: int = 0


class Visitors:
    """At every dealer: who looks at an order, asking once, and each second a walk-in, who asks until it is answered."""

    def __init__(self, desks: Sequence[Desk], orders: list[Order]) -> None:
        self._desks = desks
        self._orders = orders
        self._seen = orders[0]
        self._answered: list[float] = []
        self._served = 0
        self._waiting = eventlet.GreenPool(MOST_WAITING)
        self._leaving = False
        self._thread = eventlet.spawn(self._come)

    def longest_gap(self, since: float = 0.0) -> float:
        """The longest time from one answer to the next."""
        answered = [one for one in self._answered if one >= since]
        return round(max((after - before for before, after in pairwise(answered)), default=0.0), 1)

    def wait(self) -> int:
        """No more come; how many walk-ins were served when the last one is."""
        self._leaving = True
        self._thread.wait()
        self._waiting.waitall()
        return self._served

    def dismiss(self) -> None:
        """No more come, and those who wait go: the drill has failed."""
        self._thread.kill()
        for one in list(self._waiting.coroutines_running):
            eventlet.kill(one)

    def _come(self) -> None:
        number = 0
        while not self._leaving:
            serve = self._look if number % LOOKS else self._take_in
            self._waiting.spawn_n(serve, self._desks[number % len(self._desks)])
            number += 1
            eventlet.sleep(EVERY_SECONDS)

    def _look(self, desk: Desk) -> None:
        with suppress(requests.RequestException):
            if desk.client.once("GET", f"/work-orders/{self._seen.id}").status_code in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
                self._answered.append(monotonic())

    def _take_in(self, desk: Desk) -> None:
        self._orders.append(desk.take_in())
        self._served += 1
        self._answered.append(monotonic())


class Drill(Fault):
    """A fault of servers, under which deliveries and visitors go on."""

    result: Outcome
    visitors: Visitors | None = None
    _must_lose = 0
    _afterwards: Callable[[], None] | None = None
    _to_be_named: tuple[str, ...] = ()

    def add(self, load: Any) -> None:
        """More work goes on meanwhile; what has a `wait()` that returns how much was answered."""
        self._loads.append(load)

    def begin(self, deliveries: int, *, over: float) -> None:
        """Orders are delivered, and reversed, over so many seconds; visitors come until the drill is over. Then a quiet while."""
        work = self.world.ready(deliveries)
        self.orders += [order for _, order in work]
        self.visitors = Visitors(self.world.desks, self.orders)
        eventlet.sleep(QUIET_SECONDS)
        self.result.seconds_before = self.visitors.longest_gap()
        self._since = monotonic()
        self._loads += [Load(work, over=over, hands=HANDS, reversing=True), self.visitors]
        eventlet.sleep(1)

    def must_lose(self, answers: int) -> None:
        """Something is lost for good, and the proof has to say so: of so many answers at least."""
        self._must_lose = answers

    def afterwards(self, look: Callable[[], None]) -> None:
        """What is looked at besides, once everything is mended and was judged."""
        self._afterwards = look

    def must_name(self, *ids: str) -> None:
        """These are lost, others have them in their projections: the proof has to say so of each, and nothing else."""
        self._to_be_named = ids

    def loads_are_over(self) -> None:
        """Everything that was to be delivered was; visitors still come."""
        for load in self._loads:
            if load is not self.visitors:
                load.wait()

    def wait(self) -> None:
        """Everybody was served; nobody else comes."""
        for load in self._loads:
            load.wait()

    def finish(self) -> None:
        """Everything is mended, everybody served, and nothing lost or doubled."""
        try:
            super().finish()
        except AssertionError:
            if self._to_be_named:
                self.result.lost += self._named()
            elif not self._must_lose or self.result.lost < self._must_lose:
                raise
        else:
            assert not self._must_lose, "the proof saw nothing of the loss"
            assert not self._to_be_named, "the proof named nothing"
        finally:
            assert self.visitors is not None, "a drill begins with visitors"
            self.result.seconds_without_service = self.visitors.longest_gap(self._since)
            self.result.seconds_of_effects = self._slowest_effect()
        if self._afterwards is not None:
            self._afterwards()

    def _named(self) -> int:
        found = {one: [finding for finding in self.result.findings if one in finding] for one in self._to_be_named}
        assert all(found.values()), f"not named: {[one for one in found if not found[one]]}"
        assert sum(map(len, found.values())) == len(self.result.findings), self.result.findings
        return len(found)

    def _slowest_effect(self) -> float:
        asked = [order.id for order in self.orders]
        delivered = {row.id: row.time for row in self.fleet.rows("workshop", _DELIVERED, ids=asked)}
        took = [row.time - delivered[row.cause] for row in self.fleet.rows("billing", _ISSUED) if row.cause in delivered]
        return round(max((one.total_seconds() for one in took), default=0.0), 1)


def printed(outcomes: list[Outcome]) -> str:
    """The table for people."""
    shown = Table("drill")
    for name in (
        "answered",
        "lost",
        "doubled",
        "without service",
        "(before)",
        "slowest effect",
        "named",
        "drained in",
        "invariants",
    ):
        shown.add_column(name, justify="right")
    for one in outcomes:
        drained = "never" if one.drain_seconds is None else f"{one.drain_seconds} s"
        seconds = [f"{value} s" for value in (one.seconds_without_service, one.seconds_before, one.seconds_of_effects)]
        verdict = "hold" if one.invariants_ok else "BROKEN"
        shown.add_row(one.fault, str(one.answered), str(one.lost), str(one.doubled), *seconds, str(one.named), drained, verdict)
    console = Console(width=150)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def write(outcomes: list[Outcome]) -> None:
    """For programs: the rows of these drills; those of others stay as they were."""
    rows = [asdict(one) for one in outcomes]
    OUT.mkdir(exist_ok=True)
    file = OUT / "latest.json"
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    new = {row["fault"]: {"drill": row.pop("fault"), **row} for row in rows}
    text = json.dumps([*(one for one in before if one["drill"] not in new), *new.values()], indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
