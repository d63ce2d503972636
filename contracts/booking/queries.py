"""What booking can be asked."""

from datetime import date
from typing import Annotated

from chassis.wire import Id, Query, text, whole
from contracts.booking import answers
from contracts.booking.events import AppointmentStatus, ServiceType


class GetCalendar(Query, service="booking", answer=answers.Calendar):
    """The dealer's booking calendar."""


class OfferSlots(Query, service="booking", answer=answers.SlotOffers):
    """The three emptiest slots of the coming two weeks (Rule B3); with an advisor, only slots when that advisor is free."""

    service_type: ServiceType
    advisor: Annotated[str, text(64)] | None = None


class GetAppointment(Query, service="booking", answer=answers.Appointment):
    """One appointment."""

    appointment_id: Id


class ListAppointments(Query, service="booking", answer=answers.Appointments):
    """Appointments of a local day, or in a status."""

    day: date | None = None
    status: AppointmentStatus | None = None
    cursor: Annotated[str, text(500)] | None = None
    limit: Annotated[int, whole(1, 200)] = 50
