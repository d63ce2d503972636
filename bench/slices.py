"""An arm that is up: it delivers one slice of orders after the other, and each tells what it took."""

import time
from dataclasses import dataclass

from bench.arms.arm import Arm
from bench.data.sandbox import Sandbox
from bench.data.uris import port_of
from bench.data.watch import Watcher, analyze, backends
from deploy.local.proc import cpu_seconds, listener

BROKER = "broker"
CLIENT = "client"


@dataclass(frozen=True)
class Slice:
    """So many orders in a closed loop, until the last effect of the last one; processor seconds by group of processes."""

    orders: int
    seconds: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        """Orders per second."""
        return self.orders / self.seconds

    @property
    def cpu_per_order(self) -> float:
        """Processor seconds per order of everything but the client."""
        return sum(seconds for group, seconds in self.cpu.items() if group != CLIENT) / self.orders


class Meter:
    """Reads processor time: the arm's own processes, those of PostgreSQL that work for it, and the broker, which all share."""

    def __init__(self, sandbox: Sandbox) -> None:
        broker = listener(port_of(sandbox.infrastructure.amqp_uri, 5672))
        self._broker = {} if broker is None else {BROKER: [broker]}
        self._sees_postgres = listener(port_of(sandbox.infrastructure.database_url, 5432)) is not None

    def read(self, arm: Arm) -> dict[str, float]:
        """Processor seconds so far, by group."""
        postgres = {"postgresql": backends(arm.urls)} if self._sees_postgres else {}
        return {group: cpu_seconds(pids) for group, pids in {**arm.groups(), **self._broker, **postgres}.items()}


class Running:
    """One arm from its start to its end."""

    def __init__(self, arm: Arm, meter: Meter, *, clients: int) -> None:
        self.arm = arm
        self._meter = meter
        self._clients = clients
        self._watcher = Watcher(arm.urls)

    def start(self, *, orders: int, warm_up: int) -> None:
        """Make this many orders and those of the warm-up, start the processes, warm them up."""
        self.arm.supply(orders + warm_up)
        analyze(self.arm.urls)
        self.arm.start()
        self._watcher.open()
        if warm_up:
            self.deliver(warm_up)

    def deliver(self, count: int) -> Slice:
        """One slice. Its processor time goes on until every event is sent, which is after its last effect."""
        orders = self.arm.take(count)
        before = self._meter.read(self.arm)
        started = time.monotonic()
        self.arm.send(orders, clients=self._clients)
        seconds = self._watcher.drained(orders) - started
        self.arm.answered()
        self._watcher.settled()
        return Slice(count, seconds, taken(before, self._meter.read(self.arm)))

    def latencies(self, rate: float, seconds: float) -> list[float]:
        """Seconds from each delivery's commit to its last effect's, so long at a steady rate that waits for nothing."""
        orders = self.arm.take(max(1, round(rate * seconds)))
        self.arm.send(orders, clients=self._clients, rate=rate)
        found = self._watcher.latencies(orders, rate)
        self.arm.answered()
        self._watcher.settled()
        return found

    def batches(self) -> dict[str, tuple[int, int]]:
        """By service, messages done so far and the transactions that did them."""
        return self._watcher.batches()

    def stop(self) -> None:
        """End the processes."""
        self._watcher.close()
        self.arm.stop()


def taken(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Processor seconds between two readings."""
    return {group: after[group] - before[group] for group in before}
