"""What crm announces."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Event, Id, text, whole
from contracts.crm.call import CallKind, CallOutcome
from contracts.crm.invitation import InvitationReason
from contracts.shared import Channel, CustomerFacts, Login, Name, Reason, VehicleFacts


class CustomerRecorded(
    Event,
    type="crm.customer.recorded",
    subscribers=("billing.record_customer", "booking.record_customer", "workshop.record_customer"),
):
    """A customer's file was opened or changed; the facts as they are now."""

    customer: CustomerFacts


class VehicleRecorded(
    Event,
    type="crm.vehicle.recorded",
    subscribers=("booking.record_vehicle", "workshop.record_vehicle"),
):
    """A vehicle's file was opened or changed; the facts as they are now."""

    vehicle: VehicleFacts
    customer_id: Id
    warranty_end: date | None = None
    mileage: Annotated[int | None, whole(0)] = None
    mileage_at: datetime | None = None


class FollowUpScheduled(Event, type="crm.follow_up.scheduled"):
    """A delivered order's follow-up job was planned (Rule C2)."""

    follow_up_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    planned_at: datetime
    due_at: datetime
    breach_at: datetime


class FollowUpCancelled(Event, type="crm.follow_up.cancelled"):
    """The follow-up is off, because the delivery was reversed."""

    follow_up_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    reason: Reason


class FollowUpAttempted(Event, type="crm.follow_up.attempted"):
    """Someone tried to reach the customer."""

    follow_up_id: Id
    work_order_id: Id
    attempt: Annotated[int, whole(1)]
    reached: bool
    note: Annotated[str, text(500)] | None = None


class FollowUpTaken(Event, type="crm.follow_up.taken"):
    """A colleague calls the customer now; or handed the call back, without one (Rule C2)."""

    follow_up_id: Id
    work_order_id: Id
    caller: Login | None = None


class CallTaken(Event, type="crm.call.taken"):
    """A colleague calls the customer now; or handed the call back, without one (Rule C2)."""

    call_id: Id
    kind: CallKind
    caller: Login | None = None


class CallOpened(Event, type="crm.call.opened"):
    """A customer is to be called: they did not come (Rule B5), or were promised a call-back by `due_at` (Rule B7)."""

    call_id: Id
    kind: CallKind
    appointment_id: Id | None = None
    missed_at: datetime | None = None
    customer_id: Id | None = None
    due_at: datetime | None = None


class CallEscalated(Event, type="crm.call.escalated"):
    """A call-back was promised by that time, and nobody called (Rule B7): the service manager must act."""

    call_id: Id
    due_at: datetime
    customer_name: Name
    assignee: Login | None = None


class CallClosed(Event, type="crm.call.closed"):
    """The customer was called, with that outcome; or need not be called any more, without one."""

    call_id: Id
    kind: CallKind
    appointment_id: Id | None = None
    outcome: CallOutcome | None = None


class InvitationMade(Event, type="crm.invitation.made", subscribers=("booking.record_invitation",)):
    """A customer was asked to come with a car (Rule B8)."""

    invitation_id: Id
    customer_id: Id
    vehicle_id: Id
    reason: InvitationReason
    channel: Channel
    invited_at: datetime


class EnquiryReceived(Event, type="crm.enquiry.received"):
    """Somebody wants to know something, and is answered by that time (Rule B13)."""

    enquiry_id: Id
    customer_id: Id | None = None
    due_at: datetime
    assignee: Login | None = None


class EnquiryHandedOn(Event, type="crm.enquiry.handed_on"):
    """A colleague sees to the enquiry from now on."""

    enquiry_id: Id
    before: Login | None = None
    to: Login
    by: Login


class EnquiryAnswered(Event, type="crm.enquiry.answered"):
    """Whoever asked has their answer."""

    enquiry_id: Id
    customer_id: Id | None = None
    answered_at: datetime
    due_at: datetime


class EnquiryEscalated(Event, type="crm.enquiry.escalated"):
    """Somebody was to have an answer by that time and has none (Rule B13): the service manager must act."""

    enquiry_id: Id
    due_at: datetime
    customer_name: Name
    assignee: Login | None = None


class FollowUpCompleted(Event, type="crm.follow_up.completed", subscribers=("booking.record_follow_up",)):
    """The customer was reached: outcome and satisfaction (1 to 5)."""

    follow_up_id: Id
    work_order_id: Id
    customer_id: Id | None = None
    outcome: Annotated[str, text(40)]
    satisfaction: Annotated[int, whole(1, 5)] | None = None
