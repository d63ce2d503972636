"""Rounds: each arm is started, warmed up, measured, stopped and checked, one after the other, so that the machine is its own.

For cost over dealers and history (`scaling`), where more than two arms are compared; two are compared in `pairs`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.arithmetic import interleaved
from bench.arms.arm import Arm
from bench.arms.worker import ArmFailed
from bench.report.results import Arm as ArmResult
from bench.report.results import Round, Run
from bench.slices import Meter, Running

WARM_UP = 50
CLIENTS = 16


@dataclass(frozen=True)
class Rounds:
    """Measures arms round by round, one slice of so many orders of each."""

    orders: int
    meter: Meter
    say: Callable[[str], None]

    def measure(self, arms: Mapping[str, Arm], run: Run, number: int) -> None:
        """One round of all arms, into the run."""
        for name in interleaved(list(arms), number):
            arm = arms[name]
            result = run.arms.setdefault(name, ArmResult(arm.title))
            try:
                one = result.rounds[number] = self._round(arm)
            except ArmFailed as error:
                result.failures.append(str(error))
                self.say(f"[red]{name} failed:[/red] {error}")
            else:
                verdict = "; ".join(one.violations) or "invariants hold"
                self.say(f"[bold]{name}[/bold] {one.orders_per_second:.0f} orders/s; {verdict}")

    def _round(self, arm: Arm) -> Round:
        running = Running(arm, self.meter, clients=CLIENTS)
        try:
            running.start(orders=self.orders, warm_up=WARM_UP)
            found = running.deliver(self.orders)
        finally:
            running.stop()
        cpu = {group: seconds / found.orders for group, seconds in found.cpu.items()}
        return Round(found.rate, cpu, arm.violations())
