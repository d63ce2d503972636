"""An arm that is up: it delivers one slice of orders after the other, and each tells what it took."""

import time
from dataclasses import dataclass
from itertools import cycle, islice

from bench.arms.arm import Arm
from bench.data.sandbox import Sandbox
from bench.data.uris import port_of
from bench.data.watch import Watcher, analyze, backends
from deploy.local.proc import busy_seconds, cpu_seconds, listener

BROKER = "broker"
CLIENT = "client"
READ_ORDERS = 100


@dataclass(frozen=True)
class Slice:
    """So many orders in a closed loop, until the last effect of the last one; processor seconds by group of processes."""

    orders: int
    seconds: float
    cpu: dict[str, float]
    statements: int | None = None
    """None where the server does not count them."""
    transactions: int = 0
    """Those that wrote, of the whole server: it numbers them."""

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

    def machine(self) -> float:
        """Processor seconds of everything on this machine but the bench itself."""
        return busy_seconds() - time.process_time()


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
        """One slice. What it costs is counted until every event is sent, which is after its last effect."""
        orders = self.arm.take(count)
        counted, before = self._watcher.counts(), self._meter.read(self.arm)
        started = time.monotonic()
        self.arm.send(orders, clients=self._clients)
        seconds = self._watcher.drained(orders) - started
        self.arm.answered()
        self._watcher.settled()
        cpu, now = taken(before, self._meter.read(self.arm)), self._watcher.counts()
        statements = None if now.statements is None or counted.statements is None else now.statements - counted.statements
        return Slice(count, seconds, cpu, statements, now.transactions - counted.transactions)

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


class Reading(Running):
    """An arm that reads the same few orders again and again and leaves no effect."""

    def start(self, *, orders: int, warm_up: int) -> None:  # however many reads, the orders are the same
        """As for deliveries."""
        super().start(orders=READ_ORDERS, warm_up=0)
        self._orders = self.arm.take(READ_ORDERS)
        self.deliver(READ_ORDERS)

    def deliver(self, count: int) -> Slice:
        """So many reads, until the last one is answered."""
        before = self._meter.read(self.arm)
        self.arm.send(islice(cycle(self._orders), count), clients=self._clients)
        seconds = self.arm.answered()["seconds"]
        return Slice(count, seconds, taken(before, self._meter.read(self.arm)))


def taken(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """Processor seconds between two readings."""
    return {group: after[group] - before[group] for group in before}
