"""The arithmetic of the results: percentiles, medians, and ratios that pair what was measured in the same round."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A figure over several rounds: its median with the smallest and the largest."""

    median: float
    low: float
    high: float

    @property
    def relative(self) -> float:
        """Half the width as a share of the median: ±0.1 is ten percent."""
        return (self.high - self.low) / 2 / self.median if self.median else 0.0


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that so many percent of all do not exceed. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    ranked = sorted(values)
    return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def spread(values: Sequence[float]) -> Spread | None:
    """Median, smallest and largest; None when nothing was measured."""
    return Spread(statistics.median(values), min(values), max(values)) if values else None


def ratios(ours: Mapping[int, float], theirs: Mapping[int, float]) -> list[float]:
    """Ours divided by theirs, round by round: noise that outlasts a round falls on both. Unpaired rounds are left out."""
    return [ours[number] / theirs[number] for number in sorted(ours) if theirs.get(number)]


def schedule(count: int, per_second: float) -> list[float]:
    """When to send, in seconds from the start, at a constant rate: an open loop does not wait for answers."""
    return [number / per_second for number in range(count)]


def interleaved(names: Sequence[str], number: int) -> list[str]:
    """The order of the arms in round `number`: the first stays first, the others rotate, so that none is always the last."""
    first, others = names[:1], names[1:]
    turn = number % len(others) if others else 0
    return [*first, *others[turn:], *others[:turn]]
