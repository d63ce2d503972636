"""How full the calendar's slots and days are (Rule B2, docs/domain.md)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.booking.calendar import Capacity
from contracts.booking.occupancy import AdvisorTaken, DayOccupancy, PlacesTaken, SlotOccupancy
from services.booking.appointment.occupancy import Occupancy, Taken
from services.booking.calendar.calendar import Calendar


class Filling:
    """The calendar's places with what is taken of them."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo, taken: Taken) -> None:
        self._calendar, self._zone, self._taken = calendar, zone, taken
        offered = {one.service_type: one.places for one in map(Capacity.load, calendar.capacity)}
        # A type that is no longer offered has no places, but cars that are booked.
        self._places = {one: offered.get(one, 0) for one in sorted({*offered, *taken.types})}
        self._booked = Counter(at.astimezone(zone).date() for at in taken.begun)

    def of_day(self, day: date, *, with_slots: bool) -> DayOccupancy:
        """A local day: all its slots together and, if that is wanted, each."""
        slots = [self._of_slot(at) for at in self._calendar.slots(day, self._zone)]
        return DayOccupancy(
            day=day,
            closed=not slots,
            closed_because=self._calendar.closure(day),
            booked=self._booked[day],
            types=[_summed(of_type) for of_type in zip(*(slot.types for slot in slots), strict=True)],
            slots=slots if with_slots else [],
        )

    def _of_slot(self, at: datetime) -> SlotOccupancy:
        types, advisors = self._taken.types, self._taken.advisors
        counted = {one: self._count(types[one], at) if one in types else 0 for one in self._places}
        busy = {one: self._count(taken, at) for one, taken in sorted(advisors.items())}
        most = self._calendar.advisor_places
        return SlotOccupancy(
            starts_at=at,
            ends_at=at + self._calendar.slot_length,
            types=[
                PlacesTaken(service_type=one, places=places, taken=counted[one], free=max(0, places - counted[one]))
                for one, places in self._places.items()
            ],
            advisors=[
                AdvisorTaken(advisor=one, places=most, taken=number, free=max(0, most - number))
                for one, number in busy.items()
                if number
            ],
        )

    def _count(self, taken: Occupancy, at: datetime) -> int:
        return taken.most_at_once(at, at + self._calendar.slot_length)


def _summed(slots: Sequence[PlacesTaken]) -> PlacesTaken:
    """The same type of service in all slots of a day."""
    return PlacesTaken(
        service_type=slots[0].service_type,
        places=sum(one.places for one in slots),
        taken=sum(one.taken for one in slots),
        free=sum(one.free for one in slots),
    )
