"""Which appointments a calendar would not take as it is now (Rule B2, docs/domain.md): someone must call their customers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from chassis import Work
from contracts.booking.calendar import StrandedAppointment
from contracts.shared import VehicleFacts
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.occupancy import Occupancy
from services.booking.calendar.calendar import Calendar
from services.booking.projections.customer import KnownCustomer, known_customers

Why = Literal["closed", "service_type_full", "advisor_busy"]


def stranded(work: Work, calendar: Calendar) -> list[StrandedAppointment]:
    """The appointments to come that it would not take, the next ones first."""
    expected = Appointment.status.in_((*AWAITED, "wait_listed"))  # a place that is kept for who waits is promised, too
    to_come = select(Appointment).where(Appointment.has_place, expected, Appointment.starts_at > work.now)
    found = _refused(work.all(to_come.order_by(Appointment.id)), calendar, work.profile.zone)
    in_order = sorted(found, key=lambda one: (one[0].starts_at, one[0].id))
    customers = known_customers(work, {appointment.customer_id for appointment, _ in in_order})
    return [_described(appointment, customers[appointment.customer_id], why) for appointment, why in in_order]


def _refused(appointments: Iterable[Appointment], calendar: Calendar, zone: ZoneInfo) -> Iterator[tuple[Appointment, Why]]:
    """Book all of them anew, in the order in which they were booked: those there is no place for, and why."""
    # Each is asked of the calendar once: a dealer may have thousands of appointments to come.
    opening, places = cache(lambda day: list(calendar.periods(day, zone))), cache(calendar.places)
    of_types: dict[str, Occupancy] = defaultdict(Occupancy)
    of_advisors: dict[str, Occupancy] = defaultdict(Occupancy)
    for appointment in appointments:
        of_type = of_types[appointment.service_type]
        of_advisor = None if appointment.advisor is None else of_advisors[appointment.advisor]
        begins, ends = appointment.stretch
        if not any(opens <= begins and ends <= closes for opens, closes in opening(begins.astimezone(zone).date())):
            yield appointment, "closed"
        elif of_type.most_at_once(*appointment.stretch) >= places(appointment.service_type):
            yield appointment, "service_type_full"
        elif of_advisor is not None and of_advisor.most_at_once(*appointment.stretch) >= calendar.advisor_places:
            yield appointment, "advisor_busy"
        else:
            of_type.add(appointment.stretch)
            if of_advisor is not None:
                of_advisor.add(appointment.stretch)


def _described(appointment: Appointment, customer: KnownCustomer, why: Why) -> StrandedAppointment:
    return StrandedAppointment(
        appointment_id=appointment.id,
        starts_at=appointment.starts_at,
        customer_name=customer.name,
        phone=customer.phone,
        plate=VehicleFacts.load(appointment.vehicle).plate,
        why=why,
    )
