"""What the scaling measurement says: scaling.json for programs, two charts for documents, a table for both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pygal

from bench.arithmetic import Spread
from bench.line_up import YARDSTICK
from bench.report.flatness import FLAT_COST, cost_is_flat
from bench.report.host import host, on_host
from bench.report.output import line_chart, save
from bench.report.results import Run


@dataclass
class Level:
    """One level of history: `orders` delivered ones in the tables of every deployment before the first round."""

    orders: int
    run: Run


@dataclass
class Growth:
    """All levels, small to large; `dealers` by the name of the arm."""

    dealers: dict[str, int]
    levels: list[Level] = field(default_factory=list)
    rows_per_order: dict[str, dict[str, float]] = field(default_factory=dict)
    bytes_per_order: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def invariants_ok(self) -> bool:
        """Whether every round of every arm kept them."""
        return bool(self.levels) and all(level.run.invariants_ok for level in self.levels)

    def costs(self) -> list[list[float]]:
        """Processor time per order, small to large: along the history for every number of dealers, and the other way round."""
        found = [[_cpu(level.run, name) for level in self.levels] for name in self.dealers]
        found += [[_cpu(level.run, name) for name in self.dealers] for level in self.levels]
        return [[cost.median for cost in costs if cost] for costs in found]

    def document(self) -> dict[str, Any]:
        """The run as scaling.json says it."""
        return {
            "cells": [self._cell(level, name) for level in self.levels for name in (YARDSTICK, *self.dealers)],
            "rows_per_order": self.rows_per_order,
            "bytes_per_order": self.bytes_per_order,
            "invariants_ok": self.invariants_ok,
            "host": host(),
        }

    def write(self, folder: Path) -> None:
        """Write scaling.json, scaling.md, scaling-time.svg and scaling-cpu.svg."""
        document = self.document()
        save(document, folder / "scaling.json")
        (folder / "scaling.md").write_text(self.text() + "\n", encoding="utf-8")
        for name, chart in charts(document).items():
            chart.render_to_file(str(folder / name))

    @property
    def flat(self) -> bool:
        """FLAT_COST, along the history and along the dealers."""
        return all(cost_is_flat(costs) for costs in self.costs())

    def text(self) -> str:
        """What was measured, with the rule it is judged by, in Markdown."""
        document = self.document()
        flat = f"Judged {'flat' if self.flat else 'NOT FLAT'}: {FLAT_COST}."
        kept = f"Invariants that read no copied document, after every round: {'held' if self.invariants_ok else 'DID NOT HOLD'}."
        return "\n".join([cells_table(document), "", f"{flat} {kept} {on_host()}.", "", sizes_table(document)])

    def _cell(self, level: Level, name: str) -> dict[str, Any]:
        arm, cpu = level.run.arms[name], _cpu(level.run, name)
        time = _times(arm.throughput())
        ratio = level.run.ratio(name, YARDSTICK)
        return {
            "arm": name,
            "dealers": self.dealers.get(name),
            "orders": level.orders,
            "ms_per_order": time and round(time.median, 2),
            "ms_per_order_spread": time and [round(time.low, 2), round(time.high, 2)],
            "cpu_ms_per_order": cpu and round(cpu.median, 2),
            "throughput_to_yardstick": ratio and round(ratio.median, 3),
            "rounds": len(arm.counted),
            "failures": arm.failures,
            "violations": sorted({text for one in arm.rounds.values() for text in one.violations}),
        }


def charts(document: Mapping[str, Any]) -> dict[str, pygal.Line]:
    """Time and processor time per order over the history, a line per number of dealers."""
    orders = sorted({cell["orders"] for cell in document["cells"]})
    made = {}
    for name, figure, title in (
        ("scaling-time.svg", "ms_per_order", "Milliseconds per delivered order, closed loop, until the last effect"),
        ("scaling-cpu.svg", "cpu_ms_per_order", "Milliseconds of processor time per delivered order"),
    ):
        labels = [f"{count:,}" for count in orders]
        chart = made[name] = line_chart(title, labels, x_title="delivered orders already in the tables")
        lines: dict[str, list[float | None]] = {}
        for cell in document["cells"]:
            lines.setdefault(cell["arm"], []).append(cell[figure])
        for arm, values in lines.items():
            chart.add(f"{arm}, no history" if arm == YARDSTICK else arm, values)
    return made


def cells_table(document: Mapping[str, Any]) -> str:
    """Every cell in a line."""
    lines = [
        "| dealers | delivered orders before | ms per order | CPU ms per order | throughput to F1's |",
        "|---:|---:|---:|---:|---:|",
    ]
    for cell in document["cells"]:
        spread = cell["ms_per_order_spread"]
        time = f"{cell['ms_per_order']:.1f} ({spread[0]:.1f}–{spread[1]:.1f})" if spread else "–"
        dealers, orders = (cell["dealers"], f"{cell['orders']:,}") if cell["dealers"] else (YARDSTICK, "none")
        cpu = "–" if cell["cpu_ms_per_order"] is None else f"{cell['cpu_ms_per_order']:.1f}"
        lines.append(f"| {dealers} | {orders} | {time} | {cpu} | {cell['throughput_to_yardstick'] or '–'} |")
    return "\n".join(lines)


def sizes_table(document: Mapping[str, Any]) -> str:
    """What a delivered order leaves, by service."""
    lines = ["| service | rows per order | of them outbox | kB per order | of them outbox |", "|---|---:|---:|---:|---:|"]
    sums = [0.0] * 4
    for service, rows in document["rows_per_order"].items():
        sizes = document["bytes_per_order"][service]
        figures = [sum(rows.values()), rows.get("outbox", 0), sum(sizes.values()) / 1000, sizes.get("outbox", 0) / 1000]
        sums = [before + figure for before, figure in zip(sums, figures, strict=True)]
        lines.append(f"| {service} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |")
    return "\n".join([*lines, "| all | " + " | ".join(f"{figure:.1f}" for figure in sums) + " |"])


def _times(rate: Spread | None) -> Spread | None:
    """Milliseconds per order, from orders per second."""
    return rate and Spread(1000 / rate.median, 1000 / rate.high, 1000 / rate.low)


def _cpu(run: Run, name: str) -> Spread | None:
    return run.arms[name].cpu() if name in run.arms else None
