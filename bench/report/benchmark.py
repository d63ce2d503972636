"""A whole run of `make bench`: its pairs, what each arm showed over all of them, and the document programs read."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.estimates import Estimate
from bench.line_up import PAIRS, PLACEBO, YARDSTICK
from bench.report.duel import Duel, Side
from bench.report.gates import CPU, GATES, THROUGHPUT, Gate, figures, p99, verdict
from bench.report.host import host


@dataclass
class Benchmark:
    """`half` is half of the yardstick's rate: the load at which the latencies of the arms are told."""

    mix: str
    duels: dict[str, Duel] = field(default_factory=dict)
    ratios: dict[str, dict[str, Estimate | None]] = field(default_factory=dict)
    """Of each pair, by figure."""
    half: float | None = None

    def add(self, name: str, duel: Duel) -> None:
        """Take a pair in; the first that has the yardstick says how fast it is here."""
        self.duels[name], self.ratios[name] = duel, figures(duel)
        rate = next((side.rate() for side in duel.sides if side.name == YARDSTICK), None)
        self.half = self.half or (rate and round(rate / 2, 1))

    def arms(self) -> dict[str, list[Side]]:
        """By arm, what was measured of it in each of its pairs; a placebo is no arm."""
        found: dict[str, list[Side]] = {}
        for duel in self.duels.values():
            for side in duel.sides:
                if side.name in LISTED:
                    found.setdefault(side.name, []).append(side)
        return found

    def ratio(self, pair: str, figure: str) -> Estimate | None:
        """One ratio; None when it was not measured, or the pair did not keep what it promises."""
        duel = self.duels.get(pair)
        return self.ratios[pair].get(figure) if duel and duel.invariants_ok else None

    def placebo(self, figure: str) -> Estimate | None:
        """The same ratio of the yardstick to itself."""
        return self.ratio(PLACEBO, figure)

    def verdicts(self) -> list[tuple[Gate, Estimate | None, str]]:
        """Every gate, what was measured of it, and whether it is met."""
        found = [(gate, self.ratio(gate.pair, gate.figure)) for gate in GATES]
        return [(gate, ratio, verdict(gate, ratio, self.placebo(gate.figure))) for gate, ratio in found]

    @property
    def invariants_ok(self) -> bool:
        """Whether every arm that promises the invariants kept them in every pair, and did not fail."""
        return bool(self.duels) and all(duel.invariants_ok for duel in self.duels.values())

    def document(self) -> dict[str, Any]:
        """The run as bench/out/latest.json says it."""
        pairs = [name for name in PAIRS if name != PLACEBO]
        tails = {name: p99(self.half) for name in ("S-svc/F1", "S-http/F1")} if self.half else {}
        every = {name: {figure: _interval(self.ratio(name, figure)) for figure in found} for name, found in self.ratios.items()}
        return {
            "arms": {name: self._figures(sides) for name, sides in self.arms().items()},
            "ratios": {name: _value(self.ratio(name, THROUGHPUT)) for name in pairs},
            "cpu_ratios": {name: _value(self.ratio(name, CPU)) for name in pairs},
            "p99_ratios": {name: _value(self.ratio(name, tail)) for name, tail in tails.items()},
            "intervals": every,
            "gates": {gate.name: {"asks": gate.asks, "verdict": word} for gate, _, word in self.verdicts()},
            "invariants_ok": self.invariants_ok,
            "violations": {name: duel.troubles() for name, duel in self.duels.items() if duel.troubles()},
            "foreign_cores": {name: _rounded(duel.foreign(), 2) for name, duel in self.duels.items()},
            "half_rate": self.half,
            "mix": self.mix,
            "host": host(),
        }

    def _figures(self, sides: list[Side]) -> dict[str, Any]:
        rates = sorted({rate for side in sides for rate in side.latencies})
        latencies = {f"{rate:.3g}": {f"p{one}_ms": self._latency(sides, rate, one) for one in (50, 99)} for rate in rates}
        groups = {group for side in sides for group in side.cpu_by_group()}
        return {
            "title": sides[0].title,
            "orders_per_second": over(sides, Side.rate, 1),
            "p50_ms": self._latency(sides, self.half, 50),
            "p99_ms": self._latency(sides, self.half, 99),
            "cpu_ms_per_order": over(sides, Side.cpu, 2),
            "cpu_ms_per_order_by_group": {
                group: over(sides, lambda side, group=group: side.cpu_by_group().get(group), 2)  # type: ignore[misc]
                for group in sorted(groups)
            },
            "statements_per_order": over(sides, Side.statements, 2),
            "commits_per_order": over(sides, Side.transactions, 2),
            "messages_per_batch": {service: round(batch, 2) for side in sides[:1] for service, batch in side.batches.items()},
            "latency": latencies,
            "idle_cores": over(sides, lambda side: side.idle_cores, 3),
            "waiting_cores": over(sides, Side.waiting, 3),
            "slices": sum(len(side.slices) for side in sides),
        }

    @staticmethod
    def _latency(sides: list[Side], rate: float | None, percent: float) -> float | None:
        return None if rate is None else over(sides, lambda side: side.latency(rate, percent), 1)


LISTED = {name for pair, arms in PAIRS.items() if pair != PLACEBO for name in arms}


def over(sides: Iterable[Side], figure: Callable[[Side], float | None], digits: int) -> float | None:
    """A figure of an arm over its pairs: the median of what each showed."""
    found = [value for side in sides if (value := figure(side)) is not None]
    return _rounded(statistics.median(found) if found else None, digits)


def _value(found: Estimate | None) -> float | None:
    return _rounded(found.value if found else None, 3)


def _interval(found: Estimate | None) -> list[float] | None:
    return [round(found.value, 3), round(found.low, 3), round(found.high, 3)] if found else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
