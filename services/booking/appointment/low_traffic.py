"""Which slots will be empty (低谷时段, Rule B3, docs/domain.md), by what is and was booked; whether one was booked (Rule B8)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis import Work
from contracts.booking.calendar import SlotOffer
from services.booking.appointment.occupancy import Occupancy, occupied
from services.booking.calendar import forecast
from services.booking.calendar.calendar import Calendar

A_DAY = timedelta(days=1)


def compared(now: datetime) -> list[tuple[datetime, datetime]]:
    """The coming two weeks and those they are compared with; a day more on both sides: they are told apart by local days."""
    return [(now - ago - A_DAY, now - ago + forecast.HORIZON + A_DAY) for ago in (*forecast.BEFORE, timedelta())]


def slots_from(calendar: Calendar, first: date, days: int, zone: ZoneInfo, *, after: datetime) -> list[datetime]:
    """The slots of so many local days that begin after a time."""
    return [slot for number in range(days) for slot in calendar.slots(first + number * A_DAY, zone) if slot > after]


def emptiest(slots: Sequence[datetime], booked: Occupancy, calendar: Calendar, places: int, zone: ZoneInfo) -> list[SlotOffer]:
    """The slots to offer, by what is and was booked of one type of service."""
    times = {
        *slots,
        *(begins for begins, _ in booked.stretches),
        *(at for slot in slots for at in forecast.compared_with(slot, zone)),
    }
    taken = {at: booked.most_at_once(at, at + calendar.slot_length) for at in times}
    return [
        SlotOffer(starts_at=one.starts_at, free=one.free, expected_load=round(one.load * 100))
        for one in forecast.emptiest(slots, taken, places=places, zone=zone)
    ]


def is_on_offer(work: Work, calendar: Calendar, service_type: str, starts_at: datetime) -> bool:
    """Whether it is one of the slots on offer at this moment."""
    zone = work.profile.zone
    slots = slots_from(calendar, work.profile.local(work.now).date(), forecast.HORIZON.days, zone, after=work.now)
    if starts_at not in slots:
        return False
    booked = occupied(work, compared(work.now), service_type=service_type)
    offers = emptiest(slots, booked, calendar, calendar.places(service_type), zone)
    return any(one.starts_at == starts_at for one in offers)
