"""Two arms up at once: slices of orders in turn, so near to one another that the machine is the same for both."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.arms.arm import Arm
from bench.arms.worker import ArmFailed
from bench.estimates import balanced
from bench.report.duel import Duel, Side
from bench.slices import BROKER, CLIENT, Meter, Reading, Running, taken

IDLE_SECONDS = 3.0
READS = 4
"""A read costs so much less than a delivery: a slice has so many times as many."""


@dataclass(frozen=True)
class Plan:
    """How much is measured of each pair. At each of `rates`, `blocks` of so many seconds per arm give the latencies."""

    pairs: int
    orders: int = 120
    warm_up: int = 60
    clients: int = 16
    rates: Sequence[float] = ()
    blocks: int = 0
    block_seconds: float = 5.0

    @property
    def total(self) -> int:
        """How many orders one arm delivers."""
        return self.pairs * self.orders + sum(self.blocks * max(1, round(rate * self.block_seconds)) for rate in self.rates)


class Pair:
    """Two arms, ours and the one it is compared with."""

    def __init__(self, ours: Arm, theirs: Arm, plan: Plan, meter: Meter, say: Callable[[str], None]) -> None:
        self._plan, self._meter, self._say = plan, meter, say
        self._reads = ours.reads
        kind = Reading if ours.reads else Running
        arms = (ours, theirs)
        self._running = [kind(arm, meter, clients=plan.clients) for arm in arms]
        self._sides = [Side(arm.name, arm.title, promises_invariants=arm.promises_invariants) for arm in arms]
        self.duel = Duel(self._sides[0], self._sides[1])

    def measure(self) -> Duel:
        """All of the plan. What failed or did not hold is in the answer; it is not raised."""
        try:
            for running in self._running:
                running.start(orders=self._plan.total, warm_up=self._plan.warm_up)
            self._idle()
            self._closed_loop()
            for rate in self._plan.rates:
                self._say(f"at {rate:.3g} orders/s")
                self._open_loop(rate)
        except ArmFailed as error:
            self._say(f"[red]failed:[/red] {error}")
            self.duel.failures.append(str(error))
        finally:
            for running in self._running:
                running.stop()
        for running, side in zip(self._running, self._sides, strict=True):
            side.violations = running.arm.violations()
        return self.duel

    def _idle(self) -> None:
        """How many cores each takes while nobody asks anything of either."""
        before, started = [self._meter.read(running.arm) for running in self._running], time.monotonic()
        time.sleep(IDLE_SECONDS)
        after, seconds = [self._meter.read(running.arm) for running in self._running], time.monotonic() - started
        for side, earlier, later in zip(self._sides, before, after, strict=True):
            side.idle_cores = _own(earlier, later) / seconds

    def _closed_loop(self) -> None:
        done = [running.batches() for running in self._running]
        orders = self._plan.orders * (READS if self._reads else 1)
        for number, straight in enumerate(balanced(self._plan.pairs), 1):
            for one in _in_turn(straight=straight):
                self._slice(one, orders)
            rates = ", ".join(f"{side.name} {side.slices[-1].rate:.0f}" for side in self._sides)
            self._say(f"pair {number} of {self._plan.pairs}: {rates}/s")
        for running, side, earlier in zip(self._running, self._sides, done, strict=True):
            side.batches = {
                service: (messages - earlier[service][0]) / (transactions - earlier[service][1])
                for service, (messages, transactions) in running.batches().items()
                if transactions > earlier[service][1]
            }

    def _slice(self, one: int, orders: int) -> None:
        """One works while the other waits; what is neither's is others' work on this machine, and PostgreSQL's own."""
        waits = self._running[1 - one].arm
        before, machine, started = self._meter.read(waits), self._meter.machine(), time.monotonic()
        found = self._running[one].deliver(orders)
        waiting = _own(before, self._meter.read(waits))
        seconds, busy = time.monotonic() - started, self._meter.machine() - machine
        self._sides[one].slices.append(found)
        self._sides[1 - one].waiting_cores.append(waiting / seconds)
        self.duel.foreign_cores.append((busy - waiting - sum(found.cpu.values())) / seconds)

    def _open_loop(self, rate: float) -> None:
        for straight in balanced(self._plan.blocks):
            for one in _in_turn(straight=straight):
                found = self._running[one].latencies(rate, self._plan.block_seconds)
                self._sides[one].latencies.setdefault(rate, []).append(found)


def _in_turn(*, straight: bool) -> tuple[int, int]:
    """Which side works first and which second."""
    return (0, 1) if straight else (1, 0)


def _own(before: dict[str, float], after: dict[str, float]) -> float:
    """Processor seconds of an arm without the broker, which it shares with the other, and without its client."""
    return sum(seconds for group, seconds in taken(before, after).items() if group not in (BROKER, CLIENT))
