"""booking's windows: SQL in, plain answers out."""

from datetime import datetime, time, timedelta

from sqlalchemy import or_, select

from chassis import Refused, Work, page
from contracts.booking.appointment import Appointments, GetAppointment, ListAppointments
from contracts.booking.calendar import GetCalendar, OfferSlots, SlotOffer, SlotOffers
from services.booking.domain import forecast
from services.booking.domain.appointment import Appointment
from services.booking.domain.calendar import Calendar
from services.booking.domain.slots import Slot, advisors


def get_calendar(work: Work, query: GetCalendar) -> Calendar:
    """The dealer's calendar."""
    return work.get(Calendar, Calendar.identity(work.dealer))


def get_appointment(work: Work, query: GetAppointment) -> Appointment:
    """One appointment."""
    return work.get(Appointment, query.appointment_id)


def list_appointments(work: Work, query: ListAppointments) -> Appointments:
    """Appointments of a day at the dealer, or in a status."""
    found = select(Appointment)
    if query.day is not None:
        zone = work.profile.zone
        begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (query.day, query.day + timedelta(days=1)))
        found = found.where(Appointment.starts_at >= begins, Appointment.starts_at < ends)
    if query.status is not None:
        found = found.where(Appointment.status == query.status)
    rows, cursor = page(
        work,
        found,
        keys=[Appointment.starts_at, Appointment.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["appointments", query.day, query.status],
    )
    return Appointments(items=[row.describe() for row in rows], next_cursor=cursor)


def offer_slots(work: Work, query: OfferSlots) -> SlotOffers:
    """The emptiest slots of the coming two weeks; with an advisor, of those when that advisor is free."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.places(query.service_type)
    if places == 0:
        raise Refused("service_type_not_offered", field="service_type", service_type=query.service_type)
    today = work.now.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(forecast.HORIZON.days)]
    slots = [slot for day in days for slot in calendar.slots(day, zone) if slot > work.now]
    if query.advisor is not None:
        busy = _taken(work, advisors(query.advisor), [(work.now, work.now + forecast.HORIZON)])
        slots = [slot for slot in slots if busy.get(slot, 0) < calendar.advisor_places]
    day = timedelta(days=1)  # a margin: periods are told apart by local days, these are only what is read
    periods = [(work.now - ago - day, work.now - ago + forecast.HORIZON + day) for ago in (*forecast.BEFORE, timedelta())]
    offers = forecast.emptiest(slots, _taken(work, query.service_type, periods), places=places, zone=zone)
    return SlotOffers(
        items=[SlotOffer(starts_at=one.starts_at, free=one.free, expected_load=round(one.load * 100)) for one in offers]
    )


def _taken(work: Work, of: str, periods: list[tuple[datetime, datetime]]) -> dict[datetime, int]:
    rows = work.all(select(Slot).where(Slot.of == of, or_(*(Slot.starts_at.between(begins, ends) for begins, ends in periods))))
    return {row.starts_at: row.taken for row in rows}
