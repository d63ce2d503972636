"""`make scaling`: what an order costs with 1, 10 and 100 dealers, and with 10 and 100 times the history in every table.

    python -m bench.scaling [--quick]      # writes bench/out/scaling.json, scaling.md and scaling-*.svg

One deployment per number of dealers, each with the same history; between the levels the history grows (see `history`). The
yardstick F1 has no history and ten dealers throughout: what it shows of change is the machine's.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from bench.arms.arm import Arm, RawArm
from bench.arms.ours import ServicesArm, SharedDeployment
from bench.arms.worker import OUT
from bench.data import invariants
from bench.data.history import History
from bench.data.mixes import MIXES
from bench.data.sandbox import Sandbox
from bench.data.watch import Watcher
from bench.line_up import YARDSTICK
from bench.measuring import console, measured
from bench.report.growth import Growth, Level
from bench.report.results import Run
from bench.rounds import Rounds
from bench.slices import Meter
from servicelane.invariants import deliveries
from servicelane.invariants.checks import events
from servicelane.invariants.histories import histories

GROUPS = ("hot", "ten", "hundred")
"""The mixes with 1, 10 and 100 dealers."""
BASE = 1_000
"""Delivered orders in the tables at the first level."""
LEVELS = (1, 10, 100)


class GrowingArm(ServicesArm):
    """ServiceLane with a history that grows between the rounds.

    The documents of a copy speak of the order it was copied from (see `history`): the three invariants that read them are not
    asked here, but by `make bench`.
    """

    checks = tuple(one for one in invariants.OURS if one not in (deliveries, events, histories))

    def grow(self, orders: int) -> History:
        """Have so many delivered orders; the first time, the templates are delivered for a pattern."""
        if not hasattr(self, "_history"):
            self._history = History(self.urls, self._deliver_templates())
        self._history.grow(orders)
        return self._history

    def _deliver_templates(self) -> list[Any]:
        watcher, templates = Watcher(self.urls), self._shared.get().templates
        try:
            self.start()
            watcher.open()
            self.send(templates, clients=8)
            watcher.drained(templates)
            self.answered()
            watcher.settled()
        finally:
            watcher.close()
            self.stop()
        return templates


def main() -> int:
    """Measure level by level; the exit status is 1 when an arm failed, an invariant did not hold, or the cost is not flat."""
    options = _options()

    def judged(sandbox: Sandbox) -> int:
        growth = measure(sandbox, options, console.print)
        growth.write(OUT)
        console.print(growth.text(), markup=False, soft_wrap=True)
        return 0 if growth.invariants_ok and growth.flat else 1

    return measured(judged)


def measure(sandbox: Sandbox, options: argparse.Namespace, say: Callable[[str], None]) -> Growth:
    """Every number of dealers at every level of history. Raises ArmFailed."""
    ours: dict[str, GrowingArm] = {}
    for name in options.groups:
        mix = MIXES[name]
        arm = GrowingArm(sandbox, mix, SharedDeployment(sandbox, mix))
        arm.title = "1 dealer" if len(mix.dealers) == 1 else f"{len(mix.dealers)} dealers"
        ours[arm.title] = arm
    yardstick = RawArm(sandbox, MIXES["ten"], name=YARDSTICK, title="raw psycopg2 and py-amqp, no history", batch=1)
    arms: dict[str, Arm] = {YARDSTICK: yardstick, **ours}
    for one in arms.values():
        one.prepare()
    rounds = Rounds(options.orders, Meter(sandbox), say)
    growth = Growth({arm.title: len(arm.mix.dealers) for arm in ours.values()})
    for level in options.levels:
        console.rule(f"{level * BASE:,} delivered orders in every table")
        for arm in ours.values():
            history = arm.grow(level * BASE)
        run = Run()
        for number in range(options.rounds):
            rounds.measure(arms, run, number)
        growth.levels.append(Level(level * BASE, run))
        growth.rows_per_order, growth.bytes_per_order = history.rows_per_order, history.bytes_per_order
    return growth


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, help="of every arm at every level; 2, or 1 if quick")
    parser.add_argument("--orders", type=int, default=300, help="orders per arm and round, after 50 that do not count")
    parser.add_argument("--quick", action="store_true", help="1 and 10 dealers, 1,000 and 10,000 orders, one round")
    options = parser.parse_args()
    options.groups, options.levels = (GROUPS[:2], LEVELS[:2]) if options.quick else (GROUPS, LEVELS)
    options.rounds = options.rounds or (1 if options.quick else 2)
    return options


if __name__ == "__main__":
    sys.exit(main())
