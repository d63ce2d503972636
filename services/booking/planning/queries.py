"""The calendar with what is booked in it: which slots to offer, and what is free."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis import Work
from contracts.booking import calendar as contract
from contracts.booking import occupancy
from contracts.booking.calendar import (
    DayPlaces,
    FreePlaces,
    GetCalendar,
    ListFreePlaces,
    OfferSlots,
    SlotOffer,
    SlotOffers,
    SlotPlaces,
)
from contracts.booking.occupancy import GetOccupancy
from services.booking.appointment.advisor import require_advisor
from services.booking.appointment.occupancy import Occupancy, occupied, taken_in
from services.booking.calendar.calendar import Calendar, midnight
from services.booking.planning import forecast
from services.booking.planning.filling import Filling
from services.booking.planning.stranding import stranded

A_DAY = timedelta(days=1)


def get_calendar(work: Work, query: GetCalendar) -> contract.Calendar:
    """Raises NotFound until the dealer was registered."""
    calendar = work.get(Calendar, Calendar.identity(work.dealer))
    return calendar.describe(stranded(work, calendar))


def offer_slots(work: Work, query: OfferSlots) -> SlotOffers:
    """Raises Refused if the dealer takes no cars in for that type of service, or nobody of that name advises there."""
    require_advisor(work, query.advisor)
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.offered_places(query.service_type)
    slots = _slots(calendar, work.profile.local(work.now).date(), forecast.HORIZON.days, zone, after=work.now)
    if query.advisor is not None:
        advisor = occupied(work, [(work.now, work.now + forecast.HORIZON + A_DAY)], advisor=query.advisor)
        slots = [slot for slot in slots if _free(advisor, slot, calendar, calendar.advisor_places)]
    # A day more on both sides: periods are told apart by local days, these are only what is read.
    periods = [(work.now - ago - A_DAY, work.now - ago + forecast.HORIZON + A_DAY) for ago in (*forecast.BEFORE, timedelta())]
    booked = occupied(work, periods, service_type=query.service_type)
    times = {
        *slots,
        *(begins for begins, _ in booked.stretches),
        *(at for slot in slots for at in forecast.compared_with(slot, zone)),
    }
    taken = {at: booked.most_at_once(at, at + calendar.slot_length) for at in times}
    return SlotOffers(
        items=[
            SlotOffer(starts_at=one.starts_at, free=one.free, expected_load=round(one.load * 100))
            for one in forecast.emptiest(slots, taken, places=places, zone=zone)
        ]
    )


def list_free_places(work: Work, query: ListFreePlaces) -> FreePlaces:
    """Raises Refused if the dealer takes no cars in for that type of service, or nobody of that name advises there."""
    require_advisor(work, query.advisor)
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.offered_places(query.service_type)
    first = query.from_day or work.profile.local(work.now).date()
    slots = _slots(calendar, first, query.days, zone, after=work.now)
    period = (slots[0], slots[-1] + calendar.slot_length) if slots else (work.now, work.now)
    booked = occupied(work, [period], service_type=query.service_type)
    advisor = occupied(work, [period], advisor=query.advisor) if query.advisor is not None else Occupancy()
    days: dict[date, list[SlotPlaces]] = {first + number * A_DAY: [] for number in range(query.days)}
    for slot in slots:
        free = _free(booked, slot, calendar, places) if _free(advisor, slot, calendar, calendar.advisor_places) else 0
        days[slot.astimezone(zone).date()].append(SlotPlaces(starts_at=slot, free=free))
    return FreePlaces(
        items=[
            DayPlaces(day=day, places=places * len(slots), free=sum(slot.free for slot in slots), slots=slots)
            for day, slots in days.items()
        ]
    )


def get_occupancy(work: Work, query: GetOccupancy) -> occupancy.Occupancy:
    """Days that are past are told as they were, as far as the calendar of today knows."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    first = query.from_day or work.profile.local(work.now).date()
    days = [first + number * A_DAY for number in range(query.days)]
    taken = taken_in(work, (midnight(first, zone), midnight(first + query.days * A_DAY, zone)))
    filling = Filling(calendar, zone, taken)
    return occupancy.Occupancy(items=[filling.of_day(day, with_slots=query.slots) for day in days])


def _slots(calendar: Calendar, first: date, days: int, zone: ZoneInfo, *, after: datetime) -> list[datetime]:
    return [slot for number in range(days) for slot in calendar.slots(first + number * A_DAY, zone) if slot > after]


def _free(taken: Occupancy, slot: datetime, calendar: Calendar, places: int) -> int:
    return max(0, places - taken.most_at_once(slot, slot + calendar.slot_length))
