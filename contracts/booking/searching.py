"""Appointments for the gateway's search."""

from typing import Annotated

from chassis.wire import Answer, Id, Query, text
from contracts.booking.appointment import Appointment
from contracts.shared import Limit, at_most


class FoundAppointments(Answer):
    """The latest appointments that were found."""

    items: list[Appointment]


class SearchAppointments(Query, service="booking", answer=FoundAppointments):
    """The latest appointments of these customers or cars, and those of cars whose plate begins with what is searched for."""

    search: Annotated[str, text(60)]
    customer_ids: list[Id] = at_most(50)
    vehicle_ids: list[Id] = at_most(50)
    limit: Limit
