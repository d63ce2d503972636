"""How many cars are booked at a time (Rule B2, docs/domain.md): never more than there are places, however many ask at once.

What is taken is asked of the appointments themselves. One that has its place occupies it for a stretch of time, whatever grid the
calendar has by now: capacity is about stretches, not about labels of slots. A car that comes at another time than its own gives
its place up, and takes one when it is there.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from chassis import Refused, Work
from contracts.booking.events import ServiceType
from services.booking.appointment.appointment import Appointment
from services.booking.calendar.calendar import Calendar

LONGEST_SLOT = timedelta(minutes=480)

Stretch = tuple[datetime, datetime]


class Occupancy:
    """Stretches of time that are taken, of one type of service or of one advisor."""

    def __init__(self, stretches: Iterable[Stretch] = ()) -> None:
        self.stretches = sorted(stretches)

    def add(self, stretch: Stretch) -> None:
        """One more is taken."""
        insort(self.stretches, stretch)

    def most_at_once(self, begins: datetime, ends: datetime) -> int:
        """The largest number of them that overlap at any instant between the two, the last one not included."""
        first, last = (bisect_left(self.stretches, (at, at)) for at in (begins - LONGEST_SLOT, ends))
        overlapping = [(start, end) for start, end in self.stretches[first:last] if end > begins]
        # Their number can only be at its largest where one of them starts, or where the asked stretch does.
        instants = {begins, *(start for start, _ in overlapping if start > begins)}
        return max(sum(start <= instant < end for start, end in overlapping) for instant in instants)


def hold_places(work: Work) -> Calendar:
    """The dealer's calendar, which nobody else books in or changes until this transaction ends."""
    work.advisory_lock("booking.places")
    return work.settings(Calendar)


def occupied(
    work: Work,
    periods: Iterable[Stretch],
    *,
    service_type: ServiceType | None = None,
    advisor: str | None = None,
    but: Appointment | None = None,
) -> Occupancy:
    """What is taken in these periods of the places of a type of service, or of an advisor's time; `but` one does not count."""
    found = _within(periods)
    if service_type is not None:
        found = found.where(Appointment.service_type == service_type)
    if advisor is not None:
        found = found.where(Appointment.advisor == advisor)
    if but is not None:
        found = found.where(Appointment.id != but.id)
    with work.without_autoflush():
        return Occupancy((row.place_from, row.place_until) for row in work.execute(found))


@dataclass
class Taken:
    """All that is taken in a period: by type of service, by advisor, and from when on each place is taken."""

    types: dict[ServiceType, Occupancy] = field(default_factory=lambda: defaultdict(Occupancy))
    advisors: dict[str, Occupancy] = field(default_factory=lambda: defaultdict(Occupancy))
    begun: list[datetime] = field(default_factory=list)

    def add(self, service_type: ServiceType, advisor: str | None, stretch: Stretch) -> None:
        """A place is taken for that long, and the advisor's time, if there is one."""
        self.types[service_type].add(stretch)
        if advisor is not None:
            self.advisors[advisor].add(stretch)
        self.begun.append(stretch[0])


def taken_in(work: Work, *periods: Stretch) -> Taken:
    """What is taken in these periods, by one statement."""
    found = Taken()
    for row in work.execute(_within(periods, Appointment.service_type, Appointment.advisor)):
        found.add(row.service_type, row.advisor, (row.place_from, row.place_until))
    return found


def full(
    work: Work,
    calendar: Calendar,
    begins: datetime,
    *,
    service_type: ServiceType,
    advisor: str | None,
    but: Appointment | None = None,
) -> Refused | None:
    """Why there is no place from then on for one slot, or None if there is one. The caller holds the places.

    Raises Refused if the dealer takes no cars in for that type of service at all.
    """
    stretch = (begins, begins + calendar.slot_length)
    places = calendar.offered_places(service_type)
    if occupied(work, [stretch], service_type=service_type, but=but).most_at_once(*stretch) >= places:
        return Refused("slot_full", field="starts_at", starts_at=begins)
    return advisor_busy(work, calendar, stretch, advisor, but=but)


def advisor_busy(
    work: Work, calendar: Calendar, stretch: Stretch, advisor: str | None, *, but: Appointment | None = None
) -> Refused | None:
    """Why that advisor has no time then, or None. The caller holds the places."""
    if advisor is None:
        return None
    if occupied(work, [stretch], advisor=advisor, but=but).most_at_once(*stretch) >= calendar.advisor_places:
        return Refused("advisor_busy", field="advisor", starts_at=stretch[0])
    return None


def _within(periods: Iterable[Stretch], *more: Any) -> Select[Any]:
    starts, ends = Appointment.place_from, Appointment.place_until
    within = (and_(starts.between(begin - LONGEST_SLOT, end), ends > begin) for begin, end in periods)
    return select(starts, ends, *more).where(Appointment.has_place, or_(*within))


def come(work: Work, calendar: Calendar, appointment: Appointment, at: datetime) -> None:
    """The car is there from then on: if that is not at its time, it takes a place from then on if there is one, else none.

    The caller holds the places.
    """
    if appointment.comes_at_its_time(at):
        return
    service_type, advisor = appointment.service_type, appointment.advisor
    is_free = (
        calendar.places(service_type) > 0  # it may no longer be offered; the car is here all the same
        and full(work, calendar, at, service_type=service_type, advisor=advisor, but=appointment) is None
    )
    appointment.take_place(at, calendar.slot_length, is_free=is_free)
