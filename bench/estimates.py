"""Estimates from pairs: the median of what was measured side by side, and between which bounds it would come out again."""

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

RESAMPLES = 2_000
SEED = 2026
SAME = 0.05
"""Ratios this near to 1 are the same, for whoever asks whether anything became worse."""
TAIL = 0.025
"""Of the resamples this share lies below the interval and as much above it: 95 % are within."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval: measured again on the same machine, it comes out between `low` and `high` 95 times in 100."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


def balanced(pairs: int) -> list[bool]:
    """Whether each pair begins with its first arm: AB BA BA AB and again, so that a drift favours neither."""
    return [number % 4 in (0, 3) for number in range(pairs)]


def bootstrap(measured: Sequence[T], statistic: Callable[[Sequence[T]], float]) -> Estimate | None:
    """The statistic with its interval, from drawing as many again, with replacement; None when nothing was measured.

    The draws are the same every time: the same measurements have the same interval.
    """
    if not measured:
        return None
    chance = random.Random(SEED)
    found = sorted(statistic(chance.choices(measured, k=len(measured))) for _ in range(RESAMPLES))
    tail = round(TAIL * RESAMPLES)
    return Estimate(statistic(measured), found[tail], found[-1 - tail])


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> Estimate | None:
    """The median of the ratios within each pair: what slows the machine for longer than a pair falls on both."""
    return bootstrap([one / other for one, other in zip(ours, theirs, strict=True)], statistics.median)


def told(ratio: Estimate, *, above: str, below: str) -> str:
    """What may be said of a ratio that would be 1 if nothing differed; of two that are not told apart, how well they are."""
    if ratio.low > 1 or ratio.high < 1:
        return above if ratio.low > 1 else below
    within = max(1 - ratio.low, ratio.high - 1)
    return f"the same within {SAME:.0%}" if within <= SAME else f"too wide to judge: {within:.0%} would not be seen"
