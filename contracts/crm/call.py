"""Calls to make: customers somebody must call for a reason of their own, beside the follow-ups of deliveries."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, text
from contracts.crm.caller import CallerDetails
from contracts.shared import KeptListing, Login, Name, Page, Plate

CallKind = Literal["no_show", "call_back"]
"""未到店, 回电."""

CallState = Literal["open", "done", "settled"]
CallOutcome = Literal["booked", "later", "declined", "unreachable"]
"""已约下次, 稍后再约, 不再预约, 未接通."""

CallSort = Literal["opened_at", "-opened_at", "updated_at", "-updated_at"]


class Call(Answer):
    """A customer to be called: they did not come to `missed_at` (Rule B5), or were promised a call by `due_at` (Rule B7).

    Settled means that it took care of itself: the customer came after all, or agreed on another time. `customer_name` and `phone`
    are as the customer's file has them now, if they have one. `escalated_at` is when a promise was not kept. `caller` is on the
    phone with the customer until they are done, and no longer than until `calling_until`.
    """

    id: Id
    version: int
    updated_at: datetime
    kind: CallKind
    state: CallState
    appointment_id: Id | None = None
    missed_at: datetime | None = None
    customer_id: Id | None = None
    customer_name: Name
    phone: Annotated[str, text(30)]
    vehicle_id: Id | None = None
    plate: Plate | None = None
    complaint: str | None = None
    advisor: Login | None = None
    about: str | None = None
    due_at: datetime | None = None
    assignee: Login | None = None
    promised_by: Login | None = None
    escalated_at: datetime | None = None
    opened_at: datetime
    outcome: CallOutcome | None = None
    note: str | None = None
    agent: Login | None = None
    caller: Login | None = None
    calling_until: datetime | None = None
    closed_at: datetime | None = None


class Calls(Answer, Page):
    """A page of calls."""

    items: list[Call]


class ListCalls(Query, KeptListing, service="crm", answer=Calls):
    """Calls to make.

    Customers who did not come to their appointment (Rule B5) or were promised a call-back (Rule B7), those who wait longest
    first. `kind` and `state` may be given several times.
    """

    kind: list[CallKind] = field(default_factory=list)
    state: list[CallState] = field(default_factory=list)
    customer_id: Id | None = None
    sort: CallSort = "opened_at"


class GetCall(Query, service="crm", answer=Call):
    """A call to make.

    As it is now; name and phone as the customer's file has them.
    """

    call_id: Id


class PromiseCallBack(Command, CallerDetails, service="crm", answer=Call):
    """Promise a customer a call-back.

    Somebody calls them by `due_at`; within 30 min (default) if no time was agreed on. A promise that is not kept escalates to the
    service manager, once (Rule B7).
    """

    about: Annotated[str, text(500)]
    due_at: datetime | None = None
    assignee: Login | None = None


class TakeCall(Command, service="crm", answer=Call):
    """Take a call.

    Whoever takes it calls the customer now, which their colleagues see: until they are done, hand it back, or half an hour is
    over nobody else calls the same customer (Rule C2).
    """

    call_id: Id


class LeaveCall(Command, service="crm", answer=Call):
    """Hand back a call.

    Whoever took it does not call after all.
    """

    call_id: Id


class CompleteCall(Command, service="crm", answer=Call):
    """Record how a call ended.

    The customer booked an appointment, will do so later, does not want to, or could not be reached.
    """

    call_id: Id
    outcome: CallOutcome
    note: Annotated[str, text(500)] | None = None
