"""What the ratios should be, and whether what was measured can say that they are."""

from dataclasses import dataclass

from bench.estimates import Estimate
from bench.report.duel import Duel

THROUGHPUT = "orders/s"
CPU = "CPU per order"


@dataclass(frozen=True)
class Gate:
    """A bound of one ratio of one pair; `least` says that the ratio should not be smaller, else that it should not be larger."""

    pair: str
    figure: str
    bound: float
    least: bool = False

    @property
    def name(self) -> str:
        """As tables call it."""
        return f"{self.pair} {self.figure}"

    @property
    def asks(self) -> str:
        """What it asks, as tables write it."""
        return f"{'>=' if self.least else '<='} {self.bound:g}"


def p99(rate: float) -> str:
    """The name of the tail of the latency at a rate."""
    return f"p99 at {rate:.3g}/s"


GATES = (
    Gate("S-svc/F1", THROUGHPUT, 0.7, least=True),
    Gate("S-svc/F1", CPU, 1.45),
    Gate("S-svc/F1", p99(10), 3),
    Gate("S-svc/F1", p99(30), 5),
    Gate("S-http/F1", THROUGHPUT, 0.55, least=True),
    Gate("S-svc/P1", THROUGHPUT, 1, least=True),
    Gate("S-svc/P1", CPU, 1),
    Gate("S-svc/P2", THROUGHPUT, 1, least=True),
    Gate("S-svc/P2", CPU, 1),
    Gate("read/nameko", THROUGHPUT, 1.8, least=True),
)


def figures(duel: Duel) -> dict[str, Estimate | None]:
    """Every ratio of a pair, by the names that gates use."""
    rates = {p99(rate): duel.percentile(rate, 99) for rate in duel.ours.latencies}
    return {THROUGHPUT: duel.throughput(), CPU: duel.cpu(), **rates}


def noise(placebo: Estimate | None) -> float:
    """By what factor two equal arms were found to differ, at most; 1 when that was not measured."""
    return max(1 / placebo.low, placebo.high) if placebo else 1.0


def verdict(gate: Gate, found: Estimate | None, placebo: Estimate | None) -> str:
    """Met or missed, if the whole interval says so and the bound is further away than noise reaches; else why not."""
    if found is None:
        return "not measured"
    if found.low < gate.bound < found.high:
        return "too wide to judge"
    if max(found.value / gate.bound, gate.bound / found.value) <= noise(placebo):
        return "within the placebo's noise"
    return "met" if (found.value > gate.bound) == gate.least else "missed"
