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
    """The slots with a free place that are expected to be the emptiest, the earlier one first where two are equal.

    `taken` says how many places were or are taken at a time, for the slots and for the days before. A slot is expected to be as
    full as it was on the days it is compared with, where anything was booked on those days at all; never emptier than it is now.
    """
    busy_days = {at.astimezone(zone).date() for at, number in taken.items() if number > 0}
    offers = [
        Offer(slot, places - taken.get(slot, 0), Fraction(_expected(slot, taken, busy_days, zone)) / places)
        for slot in slots
        if taken.get(slot, 0) < places
    ]
    return sorted(offers, key=lambda offer: (offer.load, offer.starts_at))[:count]


def _expected(slot: datetime, taken: Mapping[datetime, int], busy_days: set[date], zone: ZoneInfo) -> Fraction:
    local = slot.astimezone(zone)
    past = [local - ago for ago in BEFORE]  # the same time of the clock on the wall, whatever daylight saving did in between
    history = [taken.get(at.astimezone(UTC), 0) for at in past if at.date() in busy_days]
    now = Fraction(taken.get(slot, 0))
    return max(now, Fraction(sum(history), len(history))) if history else now
