"""When something is flat: the rules by which growth and soak are judged, each in a sentence that is printed with the verdict."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

COST_SHARE = 0.2
FLAT_COST = f"the dearest level costs at most {COST_SHARE:.0%} more processor time per order than the cheapest before it"

WARM_UP_SHARE = 1 / 6
GROWTH_SHARE = 0.05
FLAT_SERIES = (
    f"after the first sixth, the median of the last third is at most {GROWTH_SHARE:.0%}, or the allowance where that is more, "
    "above the median of the first third"
)
GENERATION_SHARE = 0.1
FLAT_GENERATIONS = (
    f"the highest peak of the processes started in the last third of a run is at most {GENERATION_SHARE:.0%} above the highest "
    "of those started in the first third"
)


def cost_is_flat(costs: Sequence[float]) -> bool:
    """Whether cost stays put from level to level, small to large: FLAT_COST. No cost at all is no proof."""
    cheapest = [min(costs[: number + 1]) for number in range(len(costs))]
    return bool(costs) and all(cost <= low * (1 + COST_SHARE) for cost, low in zip(costs, cheapest, strict=True))


@dataclass(frozen=True)
class Trend:
    """How a figure went over a run: its level in the beginning, and by how much it rose."""

    start: float
    rise: float
    per_hour: float

    def flat(self, allowance: float) -> bool:
        """FLAT_SERIES."""
        return self.rise <= max(self.start * GROWTH_SHARE, allowance)


def trend(samples: Sequence[tuple[float, float]]) -> Trend | None:
    """The trend of (seconds, figure), in order of time; None of fewer than six samples: what cannot be judged is not flat."""
    settled = samples[round(len(samples) * WARM_UP_SHARE) :]
    third = len(settled) // 3
    if len(samples) < 6 or not third:
        return None
    first, last = settled[:third], settled[-third:]
    start, end = (statistics.median(value for _, value in part) for part in (first, last))
    hours = (statistics.median(at for at, _ in last) - statistics.median(at for at, _ in first)) / 3600
    return Trend(start, end - start, (end - start) / hours if hours else 0.0)


def generations_are_flat(peaks: Sequence[tuple[float, float]], seconds: float) -> bool | None:
    """FLAT_GENERATIONS, of (start, peak) over a run of so many seconds; None when too few were born to tell."""
    early = [peak for born, peak in peaks if born < seconds / 3]
    late = [peak for born, peak in peaks if born >= seconds * 2 / 3]
    return max(late) <= max(early) * (1 + GENERATION_SHARE) if early and late else None
