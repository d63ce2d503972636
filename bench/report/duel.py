"""What was measured of two arms side by side, and what follows from it."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.arithmetic import percentile
from bench.estimates import Estimate, bootstrap, paired_ratio
from bench.slices import Slice


@dataclass
class Side:
    """One arm of a pair. Latencies in seconds, by rate, in blocks; what its processes take while they wait, in cores."""

    name: str
    title: str
    promises_invariants: bool = True
    slices: list[Slice] = field(default_factory=list)
    latencies: dict[float, list[list[float]]] = field(default_factory=dict)
    batches: dict[str, float] = field(default_factory=dict)
    """Messages per transaction of the closed loop, by service."""
    idle_cores: float = 0.0
    """While nobody asks anything of either arm."""
    waiting_cores: list[float] = field(default_factory=list)
    """While the other arm was measured, slice by slice."""
    violations: list[str] = field(default_factory=list)

    def rate(self) -> float | None:
        """Orders per second."""
        return _median([one.rate for one in self.slices])

    def cpu(self) -> float | None:
        """Milliseconds of processor time per order, of everything but the client."""
        return _median([one.cpu_per_order * 1000 for one in self.slices])

    def latency(self, rate: float, percent: float) -> float | None:
        """A percentile of the latency at a rate, in milliseconds."""
        found = [one for block in self.latencies.get(rate, []) for one in block]
        return percentile(found, percent) * 1000 if found else None

    def cpu_by_group(self) -> dict[str, float]:
        """Milliseconds of processor time per order, by group of processes."""
        groups = self.slices[0].cpu if self.slices else ()
        return {group: statistics.median(one.cpu[group] / one.orders * 1000 for one in self.slices) for group in groups}

    def statements(self) -> float | None:
        """Statements per order; None where the server does not count them."""
        return _median([one.statements / one.orders for one in self.slices if one.statements is not None])

    def transactions(self) -> float | None:
        """Transactions that wrote, per order, of the whole server."""
        return _median([one.transactions / one.orders for one in self.slices])

    def waiting(self) -> float | None:
        """Cores taken while the other arm was measured."""
        return _median(self.waiting_cores)


@dataclass
class Duel:
    """A pair of arms as it was measured. Ratios are ours to theirs."""

    ours: Side
    theirs: Side
    failures: list[str] = field(default_factory=list)
    foreign_cores: list[float] = field(default_factory=list)
    """What others took of this machine, slice by slice; PostgreSQL's own processes are among them."""

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.ours, self.theirs

    @property
    def invariants_ok(self) -> bool:
        """Whether both ended their work and kept what they promise."""
        return not self.troubles()

    def troubles(self) -> list[str]:
        """What failed or did not hold."""
        return [*self.failures, *(f"{side.name}: {text}" for side in self.sides for text in side.violations)]

    def throughput(self) -> Estimate | None:
        """Of orders per second."""
        return self._paired(lambda one: one.rate)

    def cpu(self) -> Estimate | None:
        """Of processor time per order."""
        return self._paired(lambda one: one.cpu_per_order)

    def percentile(self, rate: float, percent: float) -> Estimate | None:
        """Of a percentile of the latency at a rate. Blocks are drawn whole: what disturbs one falls on many of its orders."""
        ours, theirs = (side.latencies.get(rate, []) for side in self.sides)

        def ratio(blocks: Sequence[tuple[list[float], list[float]]]) -> float:
            mine, others = ([one for block in blocks for one in block[side]] for side in (0, 1))
            return percentile(mine, percent) / percentile(others, percent)

        return bootstrap([*zip(ours, theirs, strict=False)], ratio)

    def _paired(self, figure: Callable[[Slice], float]) -> Estimate | None:
        pairs = min(len(side.slices) for side in self.sides)  # the other half of the last pair may have failed
        ours, theirs = ([figure(one) for one in side.slices[:pairs]] for side in self.sides)
        return paired_ratio(ours, theirs)

    def foreign(self) -> float | None:
        """Cores that others took of this machine meanwhile."""
        return _median(self.foreign_cores)


def _median(values: list[float]) -> float | None:
    return statistics.median(values) if values else None
