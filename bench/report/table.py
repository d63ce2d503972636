"""What a run says: a table for people, latest.json for programs, latest.svg for documents."""

import json
from pathlib import Path

import pygal
from rich.console import Console
from rich.table import Table

from bench.arithmetic import Spread
from bench.report.results import YARDSTICK, Run, host

GATES = {"S-svc/F1": 0.5, "S-http/F1": 0.3, "S-svc/P1": 1.0, "S-svc/P2": 1.0, "read/nameko": 2.0}
"""The least each ratio should be."""
P99_GATE = 3.0
LOOKS = {
    "style": pygal.style.CleanStyle(font_family="sans-serif", colors=(*pygal.style.CleanStyle.colors, "#2a9d8f")),
    "height": 400,
    "explicit_size": True,
    "js": (),
    "disable_xml_declaration": True,
}
GROUPS = ("workshop", "subscribers", "gateway", "postgresql", "broker", "client")


def write(run: Run, folder: Path) -> None:
    """Write latest.json and latest.svg."""
    save(run.document(), folder / "latest.json")
    chart(run).render_to_file(str(folder / "latest.svg"))


def save(document: object, path: Path) -> None:
    """Write what was measured, for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def chart(run: Run) -> pygal.Bar:
    """Delivered orders per second of each arm, as bars."""
    bars = pygal.Bar(show_legend=False, print_values=True, **LOOKS)
    bars.title = f"Delivered orders per second, until the last of three effects is committed ({run.mix})"
    figures = {name: found.median for name, arm in run.arms.items() if (found := arm.throughput())}
    bars.x_labels = list(figures)
    bars.add("orders per second", [{"value": round(value), "color": _colour(name)} for name, value in figures.items()])
    return bars


def line_chart(title: str, labels: list[str], *, x_title: str) -> pygal.Line:
    """An empty chart of lines over these labels, from zero: what is flat must look flat, and what is not must not."""
    lines = pygal.Line(include_x_axis=True, legend_at_bottom=True, x_title=x_title, **LOOKS)
    lines.title, lines.x_labels = title, labels
    return lines


def show(run: Run, console: Console) -> None:
    """Print arms, ratios and the invariants' verdict."""
    console.print(_arms_table(run), _cpu_table(run), _ratios_table(run), sep="\n")
    console.print(on_host())
    for name, arm in run.arms.items():
        for trouble in [*arm.failures, *(text for one in arm.rounds.values() for text in one.violations)]:
            console.print(f"[red]{name}: {trouble}[/red]")
    verdict = "[green]hold[/green]" if run.invariants_ok else "[red]DO NOT HOLD: the run does not count[/red]"
    console.print(f"Invariants, after every round of every arm that promises them: {verdict}")


def on_host() -> str:
    """The machine, in a line."""
    machine = host()
    return f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}"


def _arms_table(run: Run) -> Table:
    table = Table(title=f"Delivered work orders: {run.mix}")
    for heading in ("arm", "what", "orders/s", "p50 ms", "p99 ms", "ms CPU/order", "commits/order"):
        table.add_column(heading, justify="left" if heading in ("arm", "what") else "right")
    for name, arm in run.arms.items():
        commits = [one.commits for one in arm.counted.values() if one.commits is not None]
        table.add_row(
            name,
            arm.title,
            _text(arm.throughput(), 0),
            _text(arm.latency(50), 0),
            _text(arm.latency(99), 0),
            _text(arm.cpu().get("all"), 1),
            f"{sum(commits) / len(commits):.1f}" if commits else "–",
        )
    return table


def _cpu_table(run: Run) -> Table:
    table = Table(title="ms CPU per order, by group of processes; the client is not in the sum above")
    for heading in ("arm", *GROUPS):
        table.add_column(heading, justify="left" if heading == "arm" else "right")
    for name, arm in run.arms.items():
        cpu = arm.cpu()
        table.add_row(name, *(f"{cpu[group].median:.1f}" if group in cpu else "–" for group in GROUPS))
    return table


def _ratios_table(run: Run) -> Table:
    table = Table(title="Ratios: median over rounds, with the lowest and the highest")
    for heading in ("ratio", "measured", "gate"):
        table.add_column(heading, justify="left" if heading == "ratio" else "right")
    for name, found in run.ratios().items():
        table.add_row(name, _judged(found, found is not None and found.median >= GATES[name]), f">= {GATES[name]:g}")
    for name in ("S-svc", "S-http"):
        found = run.p99_ratio(name)
        held = found is not None and found.median <= P99_GATE
        table.add_row(f"p99 {name}/{YARDSTICK}", _judged(found, held), f"<= {P99_GATE:g}")
    return table


def _judged(found: Spread | None, held: bool) -> str:
    text = _text(found, 2)
    return text if found is None else f"[{'green' if held else 'yellow'}]{text}[/]"


def _text(found: Spread | None, digits: int) -> str:
    if found is None:
        return "–"
    median, low, high = (f"{figure:.{digits}f}" for figure in (found.median, found.low, found.high))
    return f"{median} ({low}–{high})" if found.low < found.high else median


def _colour(name: str) -> str:
    return "#1f6f8b" if name.startswith("S-") else "#b0b7bd" if name.startswith("F") else "#d9a441"
