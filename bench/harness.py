"""Rounds: each arm is started, warmed up, measured, stopped and checked, one after the other, so that the machine is its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.arithmetic import interleaved
from bench.arms.arm import Arm
from bench.arms.worker import ArmFailed
from bench.data.mixes import Order
from bench.data.sandbox import Sandbox
from bench.data.uris import port_of
from bench.data.watch import Watcher, analyze, backends, commits, statements
from bench.report.results import YARDSTICK, Round, Run, by_group
from bench.report.results import Arm as ArmResult
from deploy.local.proc import cpu_seconds, listener

READ_ORDERS = 100
READ_TIMES = 15


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    orders: int
    warm_up: int
    clients: int
    latency_seconds: float
    latency_rate: float | None = None
    """A fixed rate of the open loop; without one it is half of the yardstick's."""

    def latency_orders(self, rate: float) -> int:
        """How many orders an open loop at this rate delivers."""
        return max(1, round(rate * self.latency_seconds))


class Harness:
    """Measures arms round by round into a Run."""

    def __init__(self, sandbox: Sandbox, plan: Plan, run: Run, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._run = run
        self._say = say
        self._read: list[Order] = []
        broker = listener(port_of(sandbox.infrastructure.amqp_uri, 5672))
        self._broker = {} if broker is None else {"broker": [broker]}
        self._sees_postgres = listener(port_of(sandbox.infrastructure.database_url, 5432)) is not None

    def measure(self, arms: dict[str, Arm], number: int) -> None:
        """One round of all arms."""
        for name in interleaved(list(arms), number):
            arm = arms[name]
            result = self._run.arms.setdefault(name, ArmResult(arm.title, promises_invariants=arm.promises_invariants))
            try:
                result.rounds[number] = self._round(arm)
            except ArmFailed as error:
                result.failures.append(str(error))
                self._say(f"[red]{name} failed:[/red] {error}")

    def measure_reads(self, arms: dict[str, Arm], number: int) -> None:
        """One round of reads: each kind of RPC is asked for the same orders."""
        for kind in interleaved(["", *arms], number)[1:]:
            arm = arms[kind]
            try:
                arm.start()
                orders = self._read = self._read or arm.make(READ_ORDERS)
                arm.send(orders, clients=self._plan.clients)
                arm.answered()
                arm.send(orders * READ_TIMES, clients=self._plan.clients)
                rate = len(orders) * READ_TIMES / arm.answered()["seconds"]
                self._run.reads.setdefault(kind, {})[number] = rate
                self._say(f"[bold]{arm.title}[/bold] {rate:.0f} requests/s")
            except ArmFailed as error:
                self._say(f"[red]{arm.name} failed:[/red] {error}")
            finally:
                arm.stop()

    def _round(self, arm: Arm) -> Round:
        watcher = Watcher(arm.urls)
        orders = self._plan.warm_up + self._plan.orders
        arm.supply(orders)
        analyze(arm.urls)
        counted = commits(arm.urls), statements(arm.urls)
        try:
            arm.start()
            watcher.open()
            self._burst(arm, watcher, self._plan.warm_up)
            before = self._cpu(arm)
            seconds = self._burst(arm, watcher, self._plan.orders)
            result = Round(self._plan.orders / seconds, by_group(before, self._cpu(arm), self._plan.orders))
            if self._plan.latency_seconds:
                rate = result.latency_rate = self._latency_rate(arm, result)
                sent = arm.take(self._plan.latency_orders(rate))
                orders += len(sent)
                arm.send(sent, clients=self._plan.clients, rate=rate)
                result.latencies = watcher.latencies(sent, rate)
                arm.answered()
            if arm.promises_invariants:
                watcher.settled()
        finally:
            watcher.close()
            arm.stop()
        result.commits = (commits(arm.urls) - counted[0]) / orders
        if counted[1] is not None:
            result.statements = ((statements(arm.urls) or 0) - counted[1]) / orders
        if arm.promises_invariants:
            result.violations = arm.violations()
        self._tell(arm, result)
        return result

    def _burst(self, arm: Arm, watcher: Watcher, count: int) -> float:
        """Deliver in a closed loop until the last effect is there; the seconds it took."""
        if not count:
            return 0.0
        orders = arm.take(count)
        started = time.monotonic()
        arm.send(orders, clients=self._plan.clients)
        seconds = watcher.drained(orders) - started
        arm.answered()
        return seconds

    def _latency_rate(self, arm: Arm, now: Round) -> float:
        if self._plan.latency_rate:
            return self._plan.latency_rate
        known = self._run.arms[YARDSTICK].throughput() if arm.name != YARDSTICK else None
        return (known.median if known else now.orders_per_second) / 2

    def _cpu(self, arm: Arm) -> dict[str, float]:
        # Of PostgreSQL the processes that work for this arm: others may use the same server while we develop.
        postgres = {"postgresql": backends(arm.urls)} if self._sees_postgres else {}
        return {group: cpu_seconds(pids) for group, pids in {**arm.groups(), **self._broker, **postgres}.items()}

    def _tell(self, arm: Arm, one: Round) -> None:
        cpu = ", ".join(f"{group} {seconds * 1000:.1f}" for group, seconds in one.cpu.items())
        kept = "invariants hold" if arm.promises_invariants else "nothing promised"
        verdict = "; ".join(one.violations) or kept
        self._say(f"[bold]{arm.name}[/bold] {one.orders_per_second:.0f} orders/s; ms CPU per order: {cpu}; {verdict}")
