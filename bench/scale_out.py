"""`make scale-out`: each service scaled alone, up and down. What does one more replica bring, and does anybody notice one less?

    python -m bench.scale_out [--share 0.1 --orders 60 --backlog 20000]     # bench/out/scale-out.json, .md and scale-out-*.svg

Every replica of the service in question has a share of a core, which is what binds it, as it is on machines of its own; all
others have what they need. Workshop answers deliveries, then the same with a share for the database that two such replicas
fill; the gateway answers reads; billing works off deliveries that came while it was away, as new ones come. Then all three
are scaled down, the oldest replica first, under load.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

from bench.arms.arm import JOB_SECONDS
from bench.arms.ours import RUNNING, Deployment
from bench.arms.worker import OUT, ArmFailed, Worker
from bench.data.invariants import OURS, violations
from bench.data.mixes import MIXES, Order
from bench.data.sandbox import Sandbox
from bench.data.watch import Watcher, analyze, backends
from bench.fleet.shares import SharedOut, worked
from bench.measuring import console, measured
from bench.report.replicas import Backlog, Down, ScaleOut, Step
from deploy.local.proc import cpu_seconds
from servicelane.invariants.promises import promises
from servicelane.invariants.signatures import signatures

CHAPTERS = ("workshop", "gateway", "backlog", "down")
COUNTS = (1, 2, 3, 4)
MOST = COUNTS[-1]
CLIENTS = 12
"""Per replica: more than the calls one of them answers at once, so that none waits for work."""
READS = 5
"""So many reads take as long as a delivery, about."""
WARM_UP = 20
FILLED_BY = 2.0
"""The database's share is what so many replicas need of it."""
NEW_PER_SECOND = 2.0
"""New deliveries while a backlog is worked off."""
WINDOW = 15.0
"""Seconds with each number of replicas on the way to the most."""
WINDOWS = 12
BACKLOG_SECONDS = 300.0
ALMOST_NONE = 50
"""What is left when a backlog is worked off: new ones are under way."""
DOWN_CLIENTS = 16
BETWEEN_STOPS = 2.0
DOWN_ORDERS = 60
"""At a time, while replicas leave."""
CHECKS = tuple(one for one in OURS if one not in (promises, signatures))
"""A copy of a delivered order was not signed itself, and its promised times were told of the original alone."""
LEAVING = ("workshop", "billing", "gateway")


class Stage:
    """One fleet, its orders and what watches them."""

    def __init__(self, sandbox: Sandbox, options: argparse.Namespace) -> None:
        self._options = options
        self._deployment = Deployment(sandbox, MIXES["dealers"], "scaleout")
        self._out = SharedOut(self._deployment, most=MOST, cores=options.share)
        self._urls = {service: self._deployment.urls[service] for service in RUNNING}
        self._watcher = Watcher(self._urls)
        self.result = ScaleOut(options.share)

    def open(self) -> None:
        """Orders that are ready, and everybody to deliver them."""
        new = round(NEW_PER_SECOND * WINDOW) * (WINDOWS + 1)
        every = 2 * sum(COUNTS) * self._options.orders + 2 * len(COUNTS) * WARM_UP + self._options.down_orders + new
        self._ready = iter(self._deployment.orders(every))
        analyze(self._deployment.urls)
        self._out.open()
        self._watcher.open()

    def close(self) -> None:
        """End every process."""
        self._watcher.close()
        self._out.close()

    def workshop(self) -> None:
        """Deliveries, with 1 to 4 replicas; then with 4 to 1 before a database that has a share, too."""
        said = self.result.steps["workshop"] = [self._delivering(replicas) for replicas in COUNTS]
        one, most = said[0], said[-1]
        share = self.result.database_share = FILLED_BY * one.rate * most.database_cpu
        self._out.share("database", share, backends(self._deployment.urls))
        bound = [self._delivering(replicas) for replicas in reversed(COUNTS)]
        self.result.steps["workshop, the database with a share"] = bound[::-1]
        self._out.free("database", "workshop")

    def _delivering(self, replicas: int) -> Step:
        running = self._out.scale("workshop", replicas)
        with self._out.client("rpc") as client:
            self._deliver(client, self._take(WARM_UP), clients=CLIENTS)
            before, cpu = worked(running), self._database_cpu()
            orders = self._take(self._options.orders * replicas)
            answer, lag = self._deliver(client, orders, clients=CLIENTS * replicas)
            each = {name: count - before[name] for name, count in worked(running).items()}
            database_cpu = (self._database_cpu() - cpu) / len(orders)
            return Step.of(replicas, answer, each, lag=lag, database_cpu=database_cpu)

    def gateway(self) -> None:
        """Reads of orders, with 1 to 4 replicas."""
        some = self._take(WARM_UP)
        self.result.steps["gateway"] = [self._reading(some, replicas) for replicas in COUNTS]
        self._out.scale("gateway", 1)
        self._out.free("gateway")

    def _reading(self, orders: list[Order], replicas: int) -> Step:
        running = self._out.scale("gateway", replicas)
        with self._out.client("read") as client:
            self._ask(client, orders * replicas, clients=CLIENTS * replicas)
            before = worked(running)
            count = READS * self._options.orders * replicas
            answer = self._ask(client, list(islice(cycle(orders), count)), clients=CLIENTS * replicas)
            each = {name: count - before[name] for name, count in worked(running).items()}
            return Step.of(replicas, answer, each)

    def backlog(self) -> None:
        """Billing was away while so many deliveries were announced; the others have done their part when it is back."""
        found = self.result.worked_off = Backlog(self._options.backlog)
        with self._out.client("http") as client:
            self._deliver(client, self._deployment.templates, clients=CLIENTS)
            found.latencies[0] = self._new(client)
            self._out.scale("billing", 0)
            many = self._deployment.delivered(self._options.backlog)
            analyze(self._deployment.urls)
            announced = time.monotonic()
            self._deployment.announce()
            self._watcher.drained(many, services=("parts", "crm"), seconds=BACKLOG_SECONDS)
            found.others_seconds = time.monotonic() - announced
            self._work_off(client, found)
        self._watcher.drained(many, seconds=BACKLOG_SECONDS)
        self._out.scale("billing", 1)
        self._out.free("billing")

    def _work_off(self, client: Worker, found: Backlog) -> None:
        started = time.monotonic()
        for replicas in [*COUNTS, *[MOST] * (WINDOWS - len(COUNTS))]:
            self._out.scale("billing", replicas)
            before, at = self._watcher.unbilled(), time.monotonic()
            found.latencies.setdefault(replicas, []).extend(
                self._new(client, lambda: found.looks.append((time.monotonic() - started, self._watcher.unbilled())))
            )
            left, seconds = self._watcher.unbilled(), time.monotonic() - at
            if left < ALMOST_NONE:
                break
            found.rates.setdefault(replicas, NEW_PER_SECOND + (before - left) / seconds)
        found.seconds = time.monotonic() - started

    def down(self) -> None:
        """From 4 replicas to 1, the oldest first, which is who leads, while orders are delivered over HTTP."""
        for service in LEAVING:
            self._out.scale(service, MOST)
        orders: list[Order] = []
        again: Counter[str] = Counter()
        failed: Counter[str] = Counter()
        with self._out.client("http") as client, ThreadPoolExecutor() as pool:
            leaving = pool.submit(self._leave)
            while not leaving.done():
                some = self._take(DOWN_ORDERS)
                if not some:
                    raise ArmFailed("all is delivered and replicas still leave: more --down-orders are needed")
                self._tell(client, some, clients=DOWN_CLIENTS)
                answer = client.receive(JOB_SECONDS)
                again.update(answer["again"])
                failed.update(answer["failed"])
                orders += some
            stopped = leaving.result()
        self._watcher.drained(orders)
        self.result.down = Down(len(orders), len(stopped), sum(map(bool, stopped)), dict(again), dict(failed))

    def _leave(self) -> list[int]:
        """One after the other, the oldest of each; their exit statuses."""
        stopped = []
        for _ in COUNTS[1:]:
            for service in LEAVING:
                time.sleep(BETWEEN_STOPS)
                stopped.append(self._out.of(service)[0].process.stop())
        return stopped

    def judge(self) -> None:
        """Every invariant, when everything is told."""
        self._watcher.settled()
        self.close()
        self.result.findings = violations(self._urls, self._deployment.amqp_uri, CHECKS)

    def _take(self, count: int) -> list[Order]:
        return list(islice(self._ready, count))

    def _tell(self, client: Worker, orders: list[Order], **job: Any) -> None:
        client.tell({"orders": [[one.dealer, one.id, one.version] for one in orders], "rate": None, "repeats": 0.0, **job})

    def _ask(self, client: Worker, orders: list[Order], **job: Any) -> dict[str, Any]:
        self._tell(client, orders, **job)
        return self._answered(client)

    def _answered(self, client: Worker) -> dict[str, Any]:
        answer: dict[str, Any] = client.receive(JOB_SECONDS)
        if answer["failed"]:
            raise ArmFailed(f"{dict(islice(answer['failed'].items(), 3))}; see {client.log}")
        return answer

    def _database_cpu(self) -> float:
        return cpu_seconds(backends(self._deployment.urls))

    def _deliver(self, client: Worker, orders: list[Order], **job: Any) -> tuple[dict[str, Any], float]:
        """The answer, and for how many seconds after the last one the last effect was still awaited."""
        answer = self._ask(client, orders, **job)
        answered = time.monotonic()
        return answer, max(0.0, self._watcher.drained(orders) - answered)

    def _new(self, client: Worker, look: Callable[[], None] = lambda: None) -> list[float]:
        """New deliveries for a window, with a look each second; how long each took, in ms."""
        orders = self._take(round(WINDOW * NEW_PER_SECOND))
        self._tell(client, orders, rate=NEW_PER_SECOND, clients=0)
        for _ in range(round(WINDOW)):
            look()
            time.sleep(1)
        took: list[float] = self._answered(client)["took"]
        return took


@contextmanager
def _stage(sandbox: Sandbox, options: argparse.Namespace) -> Iterator[Stage]:
    stage = Stage(sandbox, options)
    try:
        yield stage
    finally:
        stage.close()


def main() -> int:
    """Run it; the exit status is 1 when anything was lost, doubled or refused, or more replicas did not bring more."""
    options = _options()

    def judged(sandbox: Sandbox) -> int:
        with _stage(sandbox, options) as stage:
            for chapter in ("open", *options.only, "judge"):
                started = time.monotonic()
                getattr(stage, chapter)()
                console.print(f"{chapter}: {time.monotonic() - started:.0f} s")
        console.print(stage.result.text(), markup=False, soft_wrap=True)
        stage.result.write(OUT)
        return 0 if stage.result.passed else 1

    return measured(judged)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale_out", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CHAPTERS, default=CHAPTERS, help="these chapters")
    parser.add_argument("--share", type=float, default=0.1, help="of a core, for each replica of the service that is scaled")
    parser.add_argument("--orders", type=int, default=60, help="deliveries per replica in each step")
    parser.add_argument("--backlog", type=int, default=20_000, help="deliveries that billing has to work off")
    parser.add_argument("--down-orders", type=int, default=1_200, help="deliveries at hand while replicas leave")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
