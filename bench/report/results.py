"""What was measured: figures of one arm in one round, and of a whole run."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.arithmetic import Spread, percentile, ratios, spread

PAIRS = (("S-svc", "F1"), ("S-http", "F1"), ("S-svc", "P1"), ("S-svc", "P2"))
YARDSTICK = "F1"


@dataclass
class Round:
    """One arm in one round. Times in seconds; processor time per order by group of processes."""

    orders_per_second: float
    cpu: dict[str, float]
    latencies: list[float] = field(default_factory=list)
    latency_rate: float | None = None
    commits: float | None = None
    statements: float | None = None
    violations: list[str] = field(default_factory=list)


@dataclass
class Arm:
    """One arm over all rounds that count, by number of the round."""

    title: str
    rounds: dict[int, Round] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    promises_invariants: bool = True

    @property
    def counted(self) -> dict[int, Round]:
        """Rounds after which the invariants parked, where they are promised."""
        return {number: one for number, one in self.rounds.items() if not (one.violations and self.promises_invariants)}

    def throughput(self) -> Spread | None:
        """Orders per second."""
        return spread([one.orders_per_second for one in self.counted.values()])

    def latency(self, percent: float) -> Spread | None:
        """A percentile of the latency, in milliseconds, over rounds."""
        return spread([percentile(one.latencies, percent) * 1000 for one in self.counted.values() if one.latencies])

    def cpu(self) -> dict[str, Spread]:
        """Processor time per order in milliseconds, by group; `all` is everything but the client."""
        sums: dict[str, list[float]] = {}
        for one in self.counted.values():
            total = sum(seconds for group, seconds in one.cpu.items() if group != "client")
            for group, seconds in {**one.cpu, "all": total}.items():
                sums.setdefault(group, []).append(seconds * 1000)
        return {group: found for group, values in sums.items() if (found := spread(values))}


@dataclass
class Run:
    """A whole run."""

    mix: str
    arms: dict[str, Arm] = field(default_factory=dict)
    reads: dict[str, dict[int, float]] = field(default_factory=dict)
    """Reads per second through the gateway, by kind of RPC and round."""

    def ratio(self, ours: str, theirs: str) -> Spread | None:
        """Orders per second, paired by round."""
        if ours not in self.arms or theirs not in self.arms:
            return None
        figures = [{n: one.orders_per_second for n, one in self.arms[name].counted.items()} for name in (ours, theirs)]
        return spread(ratios(*figures))

    def p99_ratio(self, ours: str) -> Spread | None:
        """The 99th percentile of the latency against the yardstick's, paired by round."""
        if ours not in self.arms or YARDSTICK not in self.arms:
            return None
        figures = [
            {n: percentile(one.latencies, 99) for n, one in self.arms[name].counted.items() if one.latencies}
            for name in (ours, YARDSTICK)
        ]
        return spread(ratios(*figures))

    def read_ratio(self) -> Spread | None:
        """Reads through our RPC against nameko's defaults."""
        return spread(ratios(self.reads.get("ours", {}), self.reads.get("nameko", {})))

    def ratios(self) -> dict[str, Spread | None]:
        """Every ratio the gates ask for."""
        found = {f"{ours}/{theirs}": self.ratio(ours, theirs) for ours, theirs in PAIRS}
        return {**found, "read/nameko": self.read_ratio()}

    @property
    def invariants_ok(self) -> bool:
        """Whether every arm that promises the invariants kept them in every round, and did not fail."""
        promising = [arm for arm in self.arms.values() if arm.promises_invariants]
        broken = any(one.violations for arm in promising for one in arm.rounds.values())
        return bool(promising) and not broken and not any(arm.failures for arm in promising)

    def document(self) -> dict[str, Any]:
        """The run as bench/out/latest.json says it."""
        found = self.ratios()
        return {
            "arms": {name: _figures(arm) for name, arm in self.arms.items()},
            "ratios": {name: _median(one, 3) for name, one in found.items()},
            "ratios_spread": {name: one and [round(one.low, 3), round(one.high, 3)] for name, one in found.items()},
            "p99_ratios": {f"{name}/{YARDSTICK}": _median(self.p99_ratio(name), 2) for name in ("S-svc", "S-http")},
            "reads_per_second": {kind: _median(spread([*rates.values()]), 1) for kind, rates in self.reads.items()},
            "invariants_ok": self.invariants_ok,
            "mix": self.mix,
            "host": host(),
        }


def host() -> dict[str, Any]:
    """The machine the run was taken on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _figures(arm: Arm) -> dict[str, Any]:
    rate, counted, cpu = arm.throughput(), arm.counted.values(), arm.cpu()
    return {
        "title": arm.title,
        "orders_per_second": _median(rate, 1),
        "orders_per_second_spread": rate and [round(rate.low, 1), round(rate.high, 1)],
        "p50_ms": _median(arm.latency(50), 1),
        "p99_ms": _median(arm.latency(99), 1),
        "cpu_ms_per_order": _median(cpu.get("all"), 2),
        "cpu_ms_per_order_by_group": {group: _median(found, 2) for group, found in cpu.items() if group != "all"},
        "commits_per_order": _median(spread([one.commits for one in counted if one.commits is not None]), 2),
        "statements_per_order": _median(spread([one.statements for one in counted if one.statements is not None]), 2),
        "latency_rate_per_second": _median(spread([one.latency_rate for one in counted if one.latency_rate is not None]), 1),
        "rounds": len(arm.counted),
        "violations": sorted({text for one in arm.rounds.values() for text in one.violations}),
        "failures": arm.failures,
    }


def _median(found: Spread | None, digits: int) -> float | None:
    return None if found is None else round(found.median, digits)


def by_group(before: Mapping[str, float], after: Mapping[str, float], orders: int) -> dict[str, float]:
    """Processor seconds per order."""
    return {group: (after[group] - before[group]) / orders for group in before}
