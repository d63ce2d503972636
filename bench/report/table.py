"""What a run says to people: arms, processor time, ratios and whether the gates are met."""

from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.line_up import PLACEBO
from bench.report.benchmark import Benchmark
from bench.report.duel import Duel
from bench.report.host import on_host
from bench.report.output import bar_chart, save

GROUPS = ("workshop", "subscribers", "gateway", "postgresql", "broker", "client")
Arms = dict[str, dict[str, Any]]
"""As latest.json has them."""
COLOURS = {"met": "green", "missed": "red"}
"""Of verdicts; yellow is what cannot be judged."""


def write(run: Benchmark, folder: Path) -> None:
    """Write latest.json and latest.svg."""
    document = run.document()
    save(document, folder / "latest.json")
    rates = {name: arm["orders_per_second"] for name, arm in document["arms"].items() if arm["orders_per_second"]}
    title = f"Delivered orders per second, until the last of three effects is committed ({run.mix})"
    chart = bar_chart(title, {name: (rate, _colour(name)) for name, rate in rates.items() if not name.startswith("read")})
    chart.render_to_file(str(folder / "latest.svg"))


def show(run: Benchmark, console: Console) -> None:
    """Print everything measured, and what may be concluded."""
    arms = run.document()["arms"]
    console.print(_arms_table(arms, run), _cpu_table(arms), _ratios_table(run), sep="\n")
    for name, duel in run.duels.items():
        console.print(f"[bold]{name}[/bold]")
        aside(duel, console)
    for figure, found in run.ratios.get(PLACEBO, {}).items():
        if found and not found.low <= 1 <= found.high:
            console.print(
                f"[yellow]F1 differs from itself in {figure}, {found}: this machine is not fit to judge just now[/yellow]"
            )
    console.print(on_host())
    verdict = "[green]hold[/green]" if run.invariants_ok else "[red]DO NOT HOLD: the run does not count[/red]"
    console.print(f"Invariants, after every pair, of every arm that promises them: {verdict}")


def aside(duel: Duel, console: Console) -> None:
    """Print what disturbed a pair, and what failed."""
    for side in duel.sides:
        if side.waiting_cores:
            taken = f"{side.idle_cores:.3f} cores idle, {side.waiting():.3f} while the other was measured"
            batches = ", ".join(f"{service} {size:.1f}" for service, size in side.batches.items())
            console.print(f"  {side.name} took {taken}; messages per batch: {batches or 'not known'}", soft_wrap=True)
    if duel.foreign_cores:
        console.print(f"  others took {duel.foreign():.2f} cores of this machine meanwhile")
    for trouble in duel.troubles():
        console.print(f"  [red]{trouble}[/red]")


def _arms_table(arms: Arms, run: Benchmark) -> Table:
    title = f"Delivered work orders: {run.mix}; latencies at {run.half or 0:.3g} orders/s, half of F1's"
    table = _table(title, "arm", "orders/s", "p50 ms", "p99 ms", "ms CPU/order", "commits", "statements")
    figures = ("orders_per_second", "p50_ms", "p99_ms", "cpu_ms_per_order", "commits_per_order", "statements_per_order")
    for name, arm in arms.items():
        table.add_row(name, *(_text(arm[figure]) for figure in figures))
    return table


def _cpu_table(arms: Arms) -> Table:
    table = _table("ms CPU per order, by group of processes; the client is not in the sum above", "arm", *GROUPS)
    for name, arm in arms.items():
        table.add_row(name, *(_text(arm["cpu_ms_per_order_by_group"].get(group)) for group in GROUPS))
    return table


def _ratios_table(run: Benchmark) -> Table:
    title = "Ratios: median of the pairs, with the 95 % interval; the same of F1 to itself, whose difference is noise"
    table = _table(title, "ratio", "measured", "F1/F1", "gate", "verdict")
    judged = {(gate.pair, gate.figure): (gate.asks, word) for gate, _, word in run.verdicts()}
    for pair, ratios in run.ratios.items():
        for figure in ratios:
            asks, word = judged.get((pair, figure), ("", ""))
            found, placebo = run.ratio(pair, figure), run.placebo(figure)
            verdict = f"[{COLOURS.get(word, 'yellow')}]{word}[/]" if word else ""
            table.add_row(f"{pair} {figure}", str(found or "–"), str(placebo or "–"), asks, verdict)
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, box=box.SIMPLE)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right")
    return table


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _colour(name: str) -> str:
    return "#1f6f8b" if name.startswith("S-") else "#b0b7bd" if name.startswith("F") else "#d9a441"
