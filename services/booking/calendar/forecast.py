"""Which slots will be empty (低谷时段, Rule B3, docs/domain.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=14)
OFFERED = 3
BEFORE = (timedelta(weeks=52), HORIZON)
"""What a day is compared with: the same weekday last year, and the same weekday of the period before."""


@dataclass(frozen=True)
class Offer:
    """A slot with free places, and the share of its places that is expected to be taken."""

    starts_at: datetime
    free: int
    load: Fraction


def emptiest(
    slots: Sequence[datetime], taken: Mapping[datetime, int], *, places: int, zone: ZoneInfo, count: int = OFFERED
) -> list[Offer]:
    """The slots with a free place that are expected to be the emptiest, the emptiest first.

    Of equals the first is the earliest, and the next are on other days and far from the others on the clock: three neighbours
    would be one offer only.

    `taken` says how many places were or are taken at a time, for the slots and for the days before. A slot is expected to be as
    full as it was on the days it is compared with, where anything was booked on those days at all; never emptier than it is now.
    """
    busy_days = {at.astimezone(zone).date() for at, number in taken.items() if number > 0}
    offers = [
        Offer(slot, places - taken.get(slot, 0), Fraction(_expected(slot, taken, busy_days, zone)) / places)
        for slot in slots
        if taken.get(slot, 0) < places
    ]
    chosen: list[Offer] = []
    while offers and len(chosen) < count:
        best = min(offers, key=lambda offer: (offer.load, *_nearness(offer, chosen, zone), offer.starts_at))
        offers.remove(best)
        chosen.append(best)
    return chosen


def _nearness(offer: Offer, chosen: Sequence[Offer], zone: ZoneInfo) -> tuple[bool, int]:
    """Whether it is on the day of one that is offered already, and how near to one of them on the clock (more is nearer)."""
    local = offer.starts_at.astimezone(zone)
    others = [one.starts_at.astimezone(zone) for one in chosen]
    apart = [abs((local.hour - other.hour) * 60 + local.minute - other.minute) for other in others]
    return any(local.date() == other.date() for other in others), -min(apart, default=0)


def compared_with(slot: datetime, zone: ZoneInfo) -> list[datetime]:
    """The same time of the clock on the wall on the days before, whatever daylight saving did in between."""
    return [(slot.astimezone(zone) - ago).astimezone(UTC) for ago in BEFORE]


def _expected(slot: datetime, taken: Mapping[datetime, int], busy_days: set[date], zone: ZoneInfo) -> Fraction:
    history = [taken.get(at, 0) for at in compared_with(slot, zone) if at.astimezone(zone).date() in busy_days]
    now = Fraction(taken.get(slot, 0))
    return max(now, Fraction(sum(history), len(history))) if history else now
