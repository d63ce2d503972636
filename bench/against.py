"""`python -m bench --against DIR`: this checkout beside another one, both deployed, in pairs of slices.

Each is deployed, fed and checked by its own code; only the measuring is ours.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.arms.checkout import CheckoutArm
from bench.data.mixes import Mix
from bench.data.sandbox import Sandbox
from bench.estimates import Estimate, told
from bench.pairs import Pair, Plan
from bench.report.duel import Duel
from bench.report.table import aside
from bench.slices import Meter
from deploy.dev.infrastructure import PROJECT


def measure(sandbox: Sandbox, mix: Mix, other: Path, plan: Plan, say: Callable[[str], None]) -> Duel:
    """Measure both. Raises ArmFailed or InfrastructureError when the other one cannot be deployed."""
    ours, theirs = CheckoutArm(sandbox, mix, "here", PROJECT), CheckoutArm(sandbox, mix, "there", other)
    say(f"preparing {ours.title} and {theirs.title}")
    with ThreadPoolExecutor() as both:
        for _ in both.map(CheckoutArm.prepare, (ours, theirs)):  # raises what either raised
            pass
    return Pair(ours, theirs, plan, Meter(sandbox), say).measure()


def show(duel: Duel, console: Console) -> None:
    """Print what differs, and how sure that is."""
    ours, theirs = duel.sides
    table = Table(title=f"{ours.title} beside {theirs.title}: medians of {len(ours.slices)} pairs, 95 % intervals")
    for heading in ("", "here", "there", "here/there", ""):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("orders/s", _figure(ours.rate()), _figure(theirs.rate()), *_told(duel.throughput(), "faster", "slower"))
    table.add_row("ms CPU/order", _figure(ours.cpu()), _figure(theirs.cpu()), *_told(duel.cpu(), "dearer", "cheaper"))
    for rate in ours.latencies:
        for percent in (50, 99):
            figures = (_figure(side.latency(rate, percent)) for side in duel.sides)
            table.add_row(f"p{percent} ms at {rate:.3g}/s", *figures, *_told(duel.percentile(rate, percent), "later", "sooner"))
    table.add_row("statements/order", *(_figure(side.statements()) for side in duel.sides))
    console.print(table)
    aside(duel, console)


def _told(found: Estimate | None, above: str, below: str) -> tuple[str, str]:
    return ("–", "") if found is None else (str(found), told(found, above=above, below=below))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
