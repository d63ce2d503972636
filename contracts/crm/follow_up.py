"""Follow-ups after a delivery."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.crm.vehicle import DeclinedWork
from contracts.shared import Channel, KeptListing, LineKind, Login, NextAppointment, Page, Plate, at_most

FollowUpState = Literal["scheduled", "completed", "cancelled"]
FollowUpSort = Literal["due_at", "-due_at", "call_at", "-call_at", "updated_at", "-updated_at"]
FollowUpOutcome = Literal["satisfied", "problem", "unreachable"]


class Attempt(Part):
    """One try to reach the customer."""

    number: int
    at: datetime
    by: str
    reached: bool
    call_again_at: datetime | None = None
    note: str | None = None


class DoneWork(Part):
    """Work that was done to the car and delivered, as the settlement named it."""

    kind: LineKind
    description: str


class FollowUp(Answer):
    """The follow-up job (回访) of one delivery of a work order.

    It is due before `due_at` and breached from `breach_at` on: both are the first moment of the local day after. A cancelled one
    keeps its outcome if it had been completed before the delivery was reversed. `customer_name` and `phone` are as the customer's
    file has them now, `preferred_phone` is what they asked at the delivery to be called at. `call_at` is when the customer
    expects the call: as planned, or as somebody who tried promised since; `agent` is who tried last. `caller` is on the phone
    with the customer until they are done, and no longer than until `calling_until`.
    """

    id: Id
    version: int
    updated_at: datetime
    state: FollowUpState
    work_order_id: Id
    work_order_number: str
    revision: int
    customer_id: Id
    customer_name: str
    phone: str
    preferred_phone: str | None = None
    channel: Channel
    vehicle_id: Id
    plate: str
    make: str
    model: str
    advisor: str
    agent: str | None = None
    caller: Login | None = None
    calling_until: datetime | None = None
    delivered_at: datetime
    planned_at: datetime
    call_at: datetime
    due_at: datetime
    breach_at: datetime
    next_service_on: date | None = None
    next_service_mileage: int | None = None
    attempts: list[Attempt]
    done: list[DoneWork]
    declined: list[DeclinedWork]
    outcome: FollowUpOutcome | None = None
    satisfaction: int | None = None
    next_at_delivery: NextAppointment | None = None
    next_appointment: NextAppointment | None = None
    note: str | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_because: str | None = None


class FollowUps(Answer, Page):
    """A page of follow-ups."""

    items: list[FollowUp]


class DeliveryFollowUp(Part):
    """That a delivery is followed up, and whether that is off because the delivery was reversed."""

    work_order_id: Id
    revision: int
    cancelled: bool


class DeliveryFollowUps(Answer):
    """Which deliveries of some work orders are followed up."""

    items: list[DeliveryFollowUp]


class TakeFollowUp(Command, service="crm", answer=FollowUp):
    """Take a follow-up's call.

    Whoever takes it calls the customer now, which their colleagues see: until they are done, hand it back, or half an hour is
    over nobody else calls the same customer (Rule C2).
    """

    follow_up_id: Id


class LeaveFollowUp(Command, service="crm", answer=FollowUp):
    """Hand back a follow-up's call.

    Whoever took it does not call after all.
    """

    follow_up_id: Id


class RecordAttempt(Command, service="crm", answer=FollowUp):
    """Record an attempt to reach the customer.

    It belongs to a follow-up (Rule C2). A customer who wants to be called at another time is: `call_again_at`. Whoever reached
    the customer, and is not to call again, has the call as if they had taken it; whoever did not has it no longer.
    """

    follow_up_id: Id
    reached: bool
    call_again_at: datetime | None = None
    note: Annotated[str, text(500)] | None = None


class CompleteFollowUp(Command, service="crm", answer=FollowUp):
    """Complete a follow-up.

    With an answer of the customer who was reached, or given up as unreachable (Rule C2); who is reached is asked for the next
    appointment (Rule B10).
    """

    follow_up_id: Id
    outcome: FollowUpOutcome
    satisfaction: Annotated[int, whole(1, 5)] | None = None
    next_appointment: NextAppointment | None = None
    note: Annotated[str, text(500)] | None = None


class GetFollowUp(Query, service="crm", answer=FollowUp):
    """A follow-up.

    With every attempt, and what the customer declined at the delivery.
    """

    follow_up_id: Id


class ListFollowUps(Query, KeptListing, service="crm", answer=FollowUps):
    """Follow-ups.

    Those that meet all conditions; `state` may be given several times. The queue of who calls is what is scheduled, sorted by
    `due_at`: what is overdue comes first.
    """

    state: list[FollowUpState] = field(default_factory=list)
    work_order_id: Id | None = None
    customer_id: Id | None = None
    plate: Plate | None = None
    advisor: Login | None = None
    agent: Login | None = None
    due_before: datetime | None = None
    sort: FollowUpSort = "-due_at"


class FindDeliveryFollowUps(Query, service="crm", answer=DeliveryFollowUps):
    """Which deliveries of some work orders are followed up; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)
