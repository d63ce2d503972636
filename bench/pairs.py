"""Two arms up at once: slices of orders in turn, so near to one another that the machine is the same for both."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.arms.arm import Arm
from bench.arms.worker import ArmFailed
from bench.estimates import balanced
from bench.report.duel import Duel, Side
from bench.slices import BROKER, CLIENT, Meter, Running, taken

IDLE_SECONDS = 3.0


@dataclass(frozen=True)
class Plan:
    """How much is measured of each pair. At each of `rates`, `blocks` of so many seconds per arm give the latencies."""

    pairs: int
    orders: int = 120
    warm_up: int = 60
    clients: int = 16
    rates: Sequence[float] = field(default_factory=tuple)
    blocks: int = 0
    block_seconds: float = 5.0

    @property
    def open_loop_orders(self) -> int:
        """How many orders the open loops of one arm deliver."""
        return sum(self.blocks * max(1, round(rate * self.block_seconds)) for rate in self.rates)


def measure(arms: tuple[Arm, Arm], plan: Plan, meter: Meter, say: Callable[[str], None]) -> Duel:
    """Measure a pair. What failed or did not hold is in the answer; it is not raised."""
    duel = Duel(_side(arms[0]), _side(arms[1]))
    sides = [(Running(arm, meter, clients=plan.clients), side) for arm, side in zip(arms, duel.sides, strict=True)]
    try:
        for running, _ in sides:
            running.start(orders=plan.pairs * plan.orders + plan.open_loop_orders, warm_up=plan.warm_up)
        _idle(sides, meter)
        _closed_loop(sides, plan, meter, say)
        for rate in plan.rates:
            say(f"at {rate:.3g} orders/s")
            _open_loop(sides, plan, rate)
    except ArmFailed as error:
        duel.failures.append(str(error))
    finally:
        for running, _ in sides:
            running.stop()
    for running, side in sides:
        side.violations = running.arm.violations()
    return duel


Sides = list[tuple[Running, Side]]


def _side(arm: Arm) -> Side:
    return Side(arm.name, arm.title, promises_invariants=arm.promises_invariants)


def _idle(sides: Sides, meter: Meter) -> None:
    """How many cores each takes while nobody asks anything of either."""
    before, started = [meter.read(running.arm) for running, _ in sides], time.monotonic()
    time.sleep(IDLE_SECONDS)
    after, seconds = [meter.read(running.arm) for running, _ in sides], time.monotonic() - started
    for (_, side), earlier, later in zip(sides, before, after, strict=True):
        side.idle_cores = _own(earlier, later) / seconds


def _closed_loop(sides: Sides, plan: Plan, meter: Meter, say: Callable[[str], None]) -> None:
    done = [running.batches() for running, _ in sides]
    for number, straight in enumerate(balanced(plan.pairs), 1):
        for (running, side), (waiting, other) in _in_turn(sides, straight=straight):
            before, started = meter.read(waiting.arm), time.monotonic()
            side.slices.append(running.deliver(plan.orders))
            other.waiting_cores.append(_own(before, meter.read(waiting.arm)) / (time.monotonic() - started))
        (_, ours), (_, theirs) = sides
        rates = f"{ours.name} {ours.slices[-1].rate:.0f}, {theirs.name} {theirs.slices[-1].rate:.0f} orders/s"
        say(f"pair {number} of {plan.pairs}: {rates}")
    for (running, side), earlier in zip(sides, done, strict=True):
        side.batches = {
            service: (messages - earlier[service][0]) / (transactions - earlier[service][1])
            for service, (messages, transactions) in running.batches().items()
            if transactions > earlier[service][1]
        }


def _open_loop(sides: Sides, plan: Plan, rate: float) -> None:
    for straight in balanced(plan.blocks):
        for (running, side), _ in _in_turn(sides, straight=straight):
            side.latencies.setdefault(rate, []).append(running.latencies(rate, plan.block_seconds))


def _in_turn(sides: Sides, *, straight: bool) -> list[tuple[tuple[Running, Side], tuple[Running, Side]]]:
    """Who works, with who waits meanwhile: one after the other."""
    first, second = sides if straight else reversed(sides)
    return [(first, second), (second, first)]


def _own(before: dict[str, float], after: dict[str, float]) -> float:
    """Processor seconds of an arm without what it shares with the other."""
    return sum(seconds for group, seconds in taken(before, after).items() if group not in (BROKER, CLIENT))
