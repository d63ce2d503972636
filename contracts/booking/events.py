"""What booking announces. Every event carries the appointment as it is after the change."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Event, Id, Money, Part, text, whole
from chassis.wire.keys import TextKey, small
from contracts.shared import Bay, CustomerFacts, Login, Name, OperationCode, PartRequest, Phone, Plate, Reason, VehicleFacts

AppointmentStatus = Literal["requested", "wait_listed", "confirmed", "arrived", "fulfilled", "cancelled", "no_show"]
UsualService = Literal["maintenance", "diagnosis", "repair", "body"]
"""保养, 诊断, 维修, 钣喷: types of service that every dealer may have places for, beside its own (Rule B12)."""

SERVICE_TYPE = TextKey(most=24, spelling=small, key=small, pattern=r"^[a-z][a-z0-9_]{0,23}\Z", error="not_a_service_type")
ServiceType = Annotated[str, SERVICE_TYPE.field()]
AppointmentTag = Literal["booked", "comeback", "near_warranty_end", "complaint_customer", "diagnosis"]

_FOLLOWERS = ("billing.follow_appointment", "parts.follow_appointment", "workshop.follow_appointment")


class ServiceName(Part):
    """What a dealer calls a type of service of its own."""

    name_zh: Name
    name_en: Name


ChosenCustomer = Literal["as_booked", "new_owner"]
"""按预约客户, 按车主: whose appointment it is where the car is another's than who booked it."""


class AppointmentFacts(Part):
    """An appointment (预约) as other services need to know it; times in UTC."""

    appointment_id: Id
    status: AppointmentStatus
    service_type: ServiceType
    service_name: ServiceName | None = None
    starts_at: datetime
    customer: CustomerFacts
    vehicle: VehicleFacts
    new_owner: CustomerFacts | None = None
    complaint: Annotated[str, text(4000)] | None = None
    operations: list[OperationCode]
    parts: list[PartRequest]
    advisor: Login | None = None
    waiting: bool = False
    expected_pick_up_at: datetime | None = None
    deposit_asked: Money | None = None
    tags: list[AppointmentTag]


BroughtPaper = Literal["registration", "service_book"]
"""行驶证, 保养手册: what the customer is reminded to bring (Rule B4)."""


class CustomerNotice(Part):
    """That the customer is to be told of it (Rule B1): who and how, in which language, whose dealer it is, and what to bring.

    `customer` is as their file is now. The time is the appointment's, on a clock of `time_zone`.
    """

    customer: CustomerFacts
    language: Annotated[str, text(10)]
    dealer_name: Name
    time_zone: Annotated[str, text(64)]
    bring: list[BroughtPaper]


class AppointmentChanged(Event):
    """What every event of an appointment tells: how it is now."""

    appointment: AppointmentFacts


class AppointmentKept(AppointmentChanged):
    """The customer comes; with `was_missed` they had not come to the time that was agreed on."""

    was_missed: bool = False


class AppointmentBooked(AppointmentChanged, type="booking.appointment.booked", subscribers=_FOLLOWERS):
    """A place in the calendar was taken for a customer's car. With `notice` the time is confirmed by that."""

    notice: CustomerNotice | None = None


class AppointmentWaitListed(AppointmentChanged, type="booking.appointment.wait_listed"):
    """The slot was full; the appointment waits for a place and has none yet."""


class AppointmentPlaceOffered(AppointmentChanged, type="booking.appointment.place_offered"):
    """A place became free, and this customer waits longest for it (Rule B15): it is kept for them until then."""

    held_until: datetime
    notice: CustomerNotice


class AppointmentOfferLapsed(AppointmentChanged, type="booking.appointment.offer_lapsed"):
    """Nobody answered in time: the place goes to the next one who waits, and is not offered to this customer again."""

    notice: CustomerNotice


class AppointmentConfirmed(
    AppointmentChanged,
    type="booking.appointment.confirmed",
    subscribers=("billing.follow_appointment", "workshop.follow_appointment"),
):
    """A requested appointment, whose place was taken already, was confirmed."""

    notice: CustomerNotice | None = None


class AppointmentRescheduled(
    AppointmentKept, type="booking.appointment.rescheduled", subscribers=(*_FOLLOWERS, "crm.settle_no_show_call")
):
    """The appointment moved to another time. With `was_missed` the customer had not come to the one before."""

    previous_starts_at: datetime
    reason: Reason
    notice: CustomerNotice | None = None


class AppointmentAmended(AppointmentChanged, type="booking.appointment.amended", subscribers=_FOLLOWERS):
    """What is to be done, or the file of customer or car, was changed; the time stayed."""


class AppointmentTagged(AppointmentChanged, type="booking.appointment.tagged", subscribers=("workshop.follow_appointment",)):
    """Something became known of the car or its customer that reception and workshop are told by a tag (Rule B6)."""


class AppointmentCancelled(AppointmentChanged, type="booking.appointment.cancelled", subscribers=_FOLLOWERS):
    """The appointment is off; its place is free again."""

    reason: Reason
    notice: CustomerNotice | None = None


class AppointmentArrived(
    AppointmentKept, type="booking.appointment.arrived", subscribers=(*_FOLLOWERS, "crm.settle_no_show_call")
):
    """The booked car is in the reception lane. With `was_missed` it was a no-show before, and came after all."""

    bay: Bay | None = None


class AppointmentReminderDue(AppointmentChanged, type="booking.appointment.reminder_due"):
    """The customer is to be reminded of a confirmed appointment (Rule B5): each reminder of each time once."""

    minutes_before: Annotated[int, whole(1)]
    notice: CustomerNotice


class AppointmentMissed(
    AppointmentChanged, type="booking.appointment.missed", subscribers=(*_FOLLOWERS, "crm.open_no_show_call")
):
    """The customer did not come (no-show, Rule B5); the place is free again. Somebody of crm calls them."""


class AppointmentReopened(
    AppointmentChanged,
    type="booking.appointment.reopened",
    subscribers=("billing.follow_appointment", "workshop.follow_appointment"),
):
    """Its order is void: another one may be opened. What was set aside for it went with that order and is free."""

    work_order_id: Id


class AppointmentFulfilled(
    AppointmentKept,
    type="booking.appointment.fulfilled",
    subscribers=("billing.follow_appointment", "crm.settle_no_show_call", "workshop.offer_missing_loaner"),
):
    """A work order was opened for the appointment. With `was_missed` it was a no-show before, and nobody said that it came.

    `loaner_missing`: it asks for a loaner, and there is none for it.
    """

    work_order_id: Id
    loaner_missing: bool = False


class LoanFacts(Part):
    """A loan of a loaner car (代步车) as others need to know it; times in UTC."""

    loan_id: Id
    loaner_id: Id
    plate: Plate
    customer_id: Id
    begins_at: datetime
    ends_at: datetime
    appointment_id: Id | None = None
    work_order_id: Id | None = None


class LoanChanged(Event):
    """What every event of a loan tells: how it is now (Rule B9)."""

    loan: LoanFacts


class LoanBooked(LoanChanged, type="booking.loan.booked"):
    """A car of the fleet is kept for a customer and a time."""


class LoanMoved(LoanChanged, type="booking.loan.moved"):
    """Another time, or another car."""


class LoanCancelled(LoanChanged, type="booking.loan.cancelled"):
    """The car is free for others; it never went out."""

    reason: Reason


class LoanerHandedOver(LoanChanged, type="booking.loan.handed_over"):
    """The customer signed and has the car."""

    mileage: Annotated[int, whole(0)]
    mileage_reason: Reason | None = None
    driver: Name
    signed_by: Name


class LoanerReturned(LoanChanged, type="booking.loan.returned"):
    """The car is back, and the customer signed how it came back; `new_damage_count` is what was not there before."""

    mileage: Annotated[int, whole(0)]
    mileage_reason: Reason | None = None
    driven: Annotated[int, whole(0)]
    new_damage_count: Annotated[int, whole(0)]
    signed_by: Name


RescueState = Literal["reported", "under_way", "arrived", "closed"]
"""已报案, 拖车途中, 已到店, 已关闭."""


class RescueFacts(Part):
    """A rescue case (救援) as others need to know it."""

    rescue_id: Id
    state: RescueState
    caller_name: Name
    caller_phone: Phone
    plate: Plate
    location: Annotated[str, text(300)]
    appointment_id: Id | None = None
    work_order_id: Id | None = None


class RescueChanged(Event):
    """What every event of a rescue case tells: how it is now (Rule B11)."""

    rescue: RescueFacts


class RescueReported(RescueChanged, type="booking.rescue.reported"):
    """Somebody called: a car stands somewhere."""


class TowRecorded(RescueChanged, type="booking.rescue.tow_recorded"):
    """A tow firm brings it, or is expected at another time than before."""

    tow_firm: Name
    expected_at: datetime


class RescueLinked(RescueChanged, type="booking.rescue.linked"):
    """It is known to which appointment or order it belongs."""


class RescueArrived(RescueChanged, type="booking.rescue.arrived"):
    """The car is here."""

    arrived_at: datetime


class RescueClosed(RescueChanged, type="booking.rescue.closed"):
    """The car does not come."""

    reason: Reason
