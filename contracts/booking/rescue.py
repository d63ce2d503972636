"""Rescue cases (救援, Rule B11): a car that stands somewhere, who tows it, when it is here. Others dispatch tow trucks."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Part, Query, text
from contracts.booking.events import AppointmentStatus, RescueState
from contracts.shared import Listing, Login, Name, Page, Phone, Plate, Reason

Place = Annotated[str, text(300)]
"""Where a car stands, as the caller says it: road and kilometre, address, landmark."""


class RescueMatch(Part):
    """An appointment of a car with this plate, which the case may belong to."""

    appointment_id: Id
    status: AppointmentStatus
    starts_at: datetime


class Rescue(Answer):
    """A rescue case: reported, under way with a tow firm, arrived, or closed without arriving.

    Its order is that of its appointment unless it was linked to an order itself. `matches` are appointments of the same plate.
    """

    id: Id
    version: int
    state: RescueState
    caller_name: Name
    caller_phone: Phone
    plate: Plate
    location: Place
    trouble: Annotated[str | None, text(1000)] = None
    reported_at: datetime
    reported_to: Login
    tow_firm: Name | None = None
    tow_phone: Phone | None = None
    expected_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_because: Reason | None = None
    appointment_id: Id | None = None
    work_order_id: Id | None = None


class ListedRescue(Rescue):
    """A rescue case in a list, with what it may belong to."""

    matches: list[RescueMatch]


class Rescues(Answer, Page):
    """A page of rescue cases, the newest first."""

    items: list[ListedRescue]


class ReportRescue(Command, service="booking", answer=Rescue):
    """Report a rescue case.

    Who calls, which car, and where it stands; at any hour.
    """

    caller_name: Name
    caller_phone: Phone
    plate: Plate
    location: Place
    trouble: Annotated[str | None, text(1000)] = None


class RecordTow(Command, service="booking", answer=Rescue):
    """Record who tows the car.

    The firm and when it is expected here; again, when that changes.
    """

    rescue_id: Id
    tow_firm: Name
    tow_phone: Phone | None = None
    expected_at: datetime


class RecordRescueArrival(Command, service="booking", answer=Rescue):
    """A rescued car is here.

    Now, or at the time that is given: at night it may have been put down at the gate.
    """

    rescue_id: Id
    arrived_at: datetime | None = None


class LinkRescue(Command, service="booking", answer=Rescue):
    """Link a rescue case to its appointment or order.

    One of the two, or both, of its plate, and no void order. An order that is opened for the appointment is the case's anyhow.
    """

    rescue_id: Id
    appointment_id: Id | None = None
    work_order_id: Id | None = None


class CloseRescue(Command, service="booking", answer=Rescue):
    """Close a rescue case that does not come.

    The car started again, or was towed elsewhere.
    """

    rescue_id: Id
    reason: Reason


class GetRescue(Query, service="booking", answer=Rescue):
    """A rescue case.

    As it is now.
    """

    rescue_id: Id


class ListRescues(Query, Listing, service="booking", answer=Rescues):
    """Rescue cases.

    Those that are reported or under way; with `over` those that arrived or were closed. Each with appointments of its plate.
    """

    over: bool = False
