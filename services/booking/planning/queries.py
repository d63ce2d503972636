"""The calendar with what is booked in it: which slots to offer, and what is free."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import func, select

from chassis import Work
from contracts.booking import calendar as contract
from contracts.booking import occupancy
from contracts.booking.calendar import (
    DayPlaces,
    FreePlaces,
    GetCalendar,
    ListFreePlaces,
    ListServiceTypes,
    OfferSlots,
    ServiceTypes,
    SlotOffers,
    SlotPlaces,
)
from contracts.booking.conversion import Conversion, MeasureConversion
from contracts.booking.occupancy import GetOccupancy
from contracts.booking.plan import DayPlan, Fortnight, GetDayPlan, GetFortnight, TypeOffers
from services.booking.appointment.advisor import require_advisor
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.low_traffic import A_DAY, compared, emptiest, slots_from
from services.booking.appointment.occupancy import Occupancy, occupied, taken_in
from services.booking.appointment.queries import DESCRIBED
from services.booking.calendar import forecast
from services.booking.calendar.calendar import Calendar, midnight
from services.booking.planning.conversion import conversion
from services.booking.planning.day import day_load, day_plan
from services.booking.planning.filling import Filling
from services.booking.planning.invited import invited
from services.booking.planning.stranding import stranded

DAY_SHOWN = 500


def get_calendar(work: Work, query: GetCalendar) -> contract.Calendar:
    """Raises NotFound until the dealer was registered."""
    calendar = work.get(Calendar, Calendar.identity(work.dealer))
    return calendar.describe(stranded(work, calendar))


def list_service_types(work: Work, query: ListServiceTypes) -> ServiceTypes:
    """Raises NotFound until the dealer was registered."""
    return ServiceTypes(items=work.get(Calendar, Calendar.identity(work.dealer)).services())


def offer_slots(work: Work, query: OfferSlots) -> SlotOffers:
    """Raises Refused if the dealer takes no cars in for that type of service, or nobody of that name advises there."""
    require_advisor(work, query.advisor)
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.offered_places(query.service_type)
    slots = slots_from(calendar, work.profile.local(work.now).date(), forecast.HORIZON.days, zone, after=work.now)
    if query.advisor is not None:
        advisor = occupied(work, [(work.now, work.now + forecast.HORIZON + A_DAY)], advisor=query.advisor)
        slots = [slot for slot in slots if _free(advisor, slot, calendar, calendar.advisor_places)]
    booked = occupied(work, compared(work.now), service_type=query.service_type)
    return SlotOffers(items=emptiest(slots, booked, calendar, places, zone))


def list_free_places(work: Work, query: ListFreePlaces) -> FreePlaces:
    """Raises Refused if the dealer takes no cars in for that type of service, or nobody of that name advises there."""
    require_advisor(work, query.advisor)
    calendar, zone = work.settings(Calendar), work.profile.zone
    places = calendar.offered_places(query.service_type)
    first = query.from_day or work.profile.local(work.now).date()
    slots = slots_from(calendar, first, query.days, zone, after=work.now)
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


def measure_conversion(work: Work, query: MeasureConversion) -> Conversion:
    """By a statement over the appointments of the period and one over its invitations; nothing of a customer is read."""
    first, last = work.profile.period(query.from_day, query.to_day, at=work.now)
    counted = (
        select(Appointment.channel, Appointment.status, Appointment.low_traffic, func.count().label("number"))
        .where(Appointment.booked, *work.profile.within(Appointment.starts_at, first, last))
        .group_by(Appointment.channel, Appointment.status, Appointment.low_traffic)
    )
    rows = [(row.channel, row.status, row.low_traffic, row.number) for row in work.execute(counted)]
    return conversion(first, last, rows, invited(work, first, last))


def get_occupancy(work: Work, query: GetOccupancy) -> occupancy.Occupancy:
    """Days that are past are told as they were, as far as the calendar of today knows."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    first = query.from_day or work.profile.local(work.now).date()
    days = [first + number * A_DAY for number in range(query.days)]
    taken = taken_in(work, (midnight(first, zone), midnight(first + query.days * A_DAY, zone)))
    filling = Filling(calendar, zone, taken)
    return occupancy.Occupancy(items=[filling.of_day(day, with_slots=query.slots) for day in days])


def get_day_plan(work: Work, query: GetDayPlan) -> DayPlan:
    """By three statements: the calendar, what is taken, and who comes."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    day = query.day or work.profile.local(work.now).date()
    taken = taken_in(work, (midnight(day, zone), midnight(day + A_DAY, zone)))
    on_the_day = select(Appointment).where(*work.profile.within(Appointment.starts_at, day, day))
    found = work.all(on_the_day.options(*DESCRIBED).order_by(Appointment.starts_at, Appointment.id).limit(DAY_SHOWN + 1))
    return day_plan(day, calendar, zone, taken, found[:DAY_SHOWN], truncated=len(found) > DAY_SHOWN)


def get_fortnight(work: Work, query: GetFortnight) -> Fortnight:
    """By three statements: the calendar, what is and was taken, and who waits."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    today = work.profile.local(work.now).date()
    days = [(query.from_day or today) + number * A_DAY for number in range(query.days)]
    taken = taken_in(work, (midnight(days[0], zone), midnight(days[-1] + A_DAY, zone)), *compared(work.now))
    waiting = work.execute(
        select(Appointment.starts_at).where(
            Appointment.status == "wait_listed", *work.profile.within(Appointment.starts_at, days[0], days[-1])
        )
    )
    waits = Counter(row.starts_at.astimezone(zone).date() for row in waiting)
    slots = slots_from(calendar, today, forecast.HORIZON.days, zone, after=work.now)
    return Fortnight(
        days=[day_load(day, calendar, zone, taken, waits[day]) for day in days],
        offers=[
            TypeOffers(
                service_type=one.service_type,
                service_name=one.service_name,
                items=emptiest(slots, taken.types[one.service_type], calendar, one.places, zone),
            )
            for one in calendar.services()
            if one.places > 0
        ],
    )


def _free(taken: Occupancy, slot: datetime, calendar: Calendar, places: int) -> int:
    return max(0, places - taken.most_at_once(slot, slot + calendar.slot_length))
