"""The calendar, and the slots on offer."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from chassis import Work
from contracts.booking.calendar import GetCalendar, OfferSlots, SlotOffer, SlotOffers
from services.booking.calendar import forecast
from services.booking.calendar.calendar import Calendar
from services.booking.calendar.slot import Slot, advisor_time


def get_calendar(work: Work, query: GetCalendar) -> Calendar:
    """Raises NotFound until the dealer was registered."""
    return work.get(Calendar, Calendar.identity(work.dealer))


def offer_slots(work: Work, query: OfferSlots) -> SlotOffers:
    """Raises Refused if the dealer takes no cars in for that type of service."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.offered_places(query.service_type)
    today = work.now.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(forecast.HORIZON.days)]
    slots = [slot for day in days for slot in calendar.slots(day, zone) if slot > work.now]
    if query.advisor is not None:
        busy = _taken(work, advisor_time(query.advisor), [(work.now, work.now + forecast.HORIZON)])
        slots = [slot for slot in slots if busy.get(slot, 0) < calendar.advisor_places]
    day = timedelta(days=1)  # a margin: periods are told apart by local days, these are only what is read
    periods = [(work.now - ago - day, work.now - ago + forecast.HORIZON + day) for ago in (*forecast.BEFORE, timedelta())]
    offers = forecast.emptiest(slots, _taken(work, query.service_type, periods), places=places, zone=zone)
    return SlotOffers(
        items=[SlotOffer(starts_at=one.starts_at, free=one.free, expected_load=round(one.load * 100)) for one in offers]
    )


def _taken(work: Work, resource: str, periods: list[tuple[datetime, datetime]]) -> dict[datetime, int]:
    within = or_(*(Slot.starts_at.between(begins, ends) for begins, ends in periods))
    return {slot.starts_at: slot.taken for slot in work.all(select(Slot).where(Slot.resource == resource, within))}
