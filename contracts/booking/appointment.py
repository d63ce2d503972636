"""An appointment, from booking to the arrival of the car."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text, whole
from chassis.wire.fields import DealerId
from contracts.booking.events import AppointmentStatus, AppointmentTag, ChosenCustomer, ServiceName, ServiceType
from contracts.shared import (
    Amount,
    Bay,
    CustomerFacts,
    Login,
    OperationCode,
    Page,
    PartNumber,
    PartRequest,
    Price,
    Reason,
    VehicleFacts,
    VisitListing,
)
from contracts.workshop.leg_events import LegFacts

BookingChannel = Literal["phone", "web", "walk_in", "roadside", "email", "night_drop", "hotline"]
"""电话, 网络, 到店, 道路救援, 电子邮件, 夜间投递, 24 小时热线."""


PartsState = Literal["asked", "reserved", "short"]
"""已提出, 已预留, 缺料: where the booked parts stand, until the order is opened."""

AppointmentSort = Literal["starts_at", "-starts_at", "updated_at", "-updated_at"]


TagCause = Literal["booked_ahead", "service_type", "operation", "repair_warranty", "warranty_end", "dissatisfied", "said_by_desk"]
"""提前预约, 服务类型, 工时项目, 维修质保期内, 质保到期, 回访不满意, 前台告知."""


class TagReason(Part):
    """Why an appointment has a tag (Rule B6): what the system found, or that the desk said so.

    Of a comeback: the kind of work, where and by which order it was done, and until which day it is warranted. Of a warranty: its
    last day. Of a dissatisfied customer: the day on which they said so.
    """

    tag: AppointmentTag
    because: TagCause
    operation_code: OperationCode | None = None
    operation_group: OperationCode | None = None
    dealer: DealerId | None = None
    order_number: Annotated[str, text(20)] | None = None
    on: date | None = None


class BookedSpecialOrder(Part):
    """What is on special order for the car (客户订件), and when it is expected; `late`: on a later day than it is wanted."""

    special_order_id: Id
    asked_for: PartNumber
    quantity: Quantity
    expected_on: date | None = None
    late: bool


class Appointment(Answer):
    """An appointment (预约); times in UTC. Customer and vehicle are as their files are, until its order is opened.

    `new_owner` is there when the car is another's by its file, and nobody has chosen yet whose appointment it is.

    `has_place` says whether a place in the calendar is reserved for it, from `starts_at` to `ends_at`; for a car that came at
    another time, for one slot from `arrived_at` on. One on the wait list has a place until `held_until` where one became free and
    is offered to it. `parts_state` is there while parts are booked and no order is open; `short` is what stock cannot cover, and
    `special_orders` what of it is on special order.
    `loaner` says that a loan car is wanted, `loan_id` which loan keeps one. `deposit_asked` is what who missed two appointments
    was asked for when this one was booked, `deposit_due` what is not there yet of that while the car is to come (Rule B15).
    """

    id: Id
    version: int
    updated_at: datetime
    visit_id: Id
    status: AppointmentStatus
    channel: BookingChannel
    service_type: ServiceType
    service_name: ServiceName | None = None
    starts_at: datetime
    ends_at: datetime
    has_place: bool
    held_until: datetime | None = None
    answer_by: datetime | None = None
    answered_at: datetime | None = None
    customer: CustomerFacts
    vehicle: VehicleFacts
    new_owner: CustomerFacts | None = None
    complaint: str | None = None
    operations: list[str]
    parts: list[PartRequest]
    parts_state: PartsState | None = None
    short: list[PartRequest]
    special_orders: list[BookedSpecialOrder]
    advisor: str | None = None
    waiting: bool
    loaner: bool
    loan_id: Id | None = None
    expected_pick_up_at: datetime | None = None
    dropped_pick_up_at: datetime | None = None
    acceptable_price: Money | None = None
    estimated_cost: Money | None = None
    estimated_minutes: int | None = None
    deposit_asked: Money | None = None
    deposit_due: Money | None = None
    pick_up_leg: LegFacts | None = None
    tags: list[AppointmentTag]
    tag_reasons: list[TagReason]
    reason: str | None = None
    bay: str | None = None
    arrived_at: datetime | None = None
    work_order_id: Id | None = None


class Appointments(Answer, Page):
    """A page of appointments, the latest first."""

    items: list[Appointment]


class RequestedPart(Part):
    """A part the booked work will need; parts pre-picks it (Rule B6)."""

    part_number: PartNumber
    quantity: Amount


class BookedWork(Part):
    """What the customer wants done and agreed to, beside the time (Rule B4); it may change until the order is opened."""

    complaint: Annotated[str, text(4000)] | None = None
    operations: list[OperationCode] = field(default_factory=list)
    parts: list[RequestedPart] = field(default_factory=list)
    advisor: Login | None = None
    waiting: bool = False
    loaner: bool = False
    expected_pick_up_at: datetime | None = None
    acceptable_price: Price | None = None
    estimated_cost: Price | None = None
    estimated_minutes: Annotated[int, whole(0, 100_000)] | None = None
    tags: list[AppointmentTag] = field(default_factory=list)


class BookAppointment(Command, BookedWork, service="booking", answer=Appointment):
    """Book an appointment.

    Take a place in the calendar for a customer's car (Rules B1, B2 and B4).

    By web, e-mail, night drop or the 24 h line it is requested until someone confirms, moves or cancels it, which is to be within
    minutes of the next opening (Rule B11); otherwise it is confirmed at once. If the slot is full it is
    refused, or - with `wait_list` - put on the wait list. A car that has an appointment gets a second one on the same local day
    only with `confirm_second_appointment`. Operations are those of the group's catalogue, parts those of the dealer's. With
    `loaner` a car of the fleet is kept until the pick-up, or until the dealer closes; if none is free, it is refused (Rule B9).
    Who missed two appointments of the last 12 months is asked for a deposit, if the dealer has set one: the answer says how much
    (Rule B15). It is booked all the same.
    """

    customer_id: Id
    vehicle_id: Id
    channel: BookingChannel
    service_type: ServiceType
    starts_at: datetime
    wait_list: bool = False
    confirm_second_appointment: bool = False


class AmendAppointment(Command, BookedWork, service="booking", answer=Appointment):
    """Change what is booked.

    Replace what the customer wants done (Rule B4): complaint, operations, parts, advisor and the rest; the time stays. Parts are
    set aside or given up accordingly. Another advisor must be free at that time.
    """

    appointment_id: Id


class ConfirmAppointment(Command, service="booking", answer=Appointment):
    """Confirm an appointment.

    It was requested, or wait-listed and takes the place that has become free (Rule B15: until `held_until` it is kept for it).
    """

    appointment_id: Id


class RescheduleAppointment(Command, service="booking", answer=Appointment):
    """Move an appointment.

    It takes another slot. One that was missed, or whose car was here and was sent on, is booked again by that. To a day on which
    its car has another appointment it moves only with `confirm_second_appointment`.
    """

    appointment_id: Id
    starts_at: datetime
    reason: Reason
    confirm_second_appointment: bool = False


class CancelAppointment(Command, service="booking", answer=Appointment):
    """Cancel an appointment.

    Its place is free again.
    """

    appointment_id: Id
    reason: Reason


class ArriveAppointment(Command, service="booking", answer=Appointment):
    """The booked car has arrived.

    It is in the reception lane (Rule B6); the advisor opens the order. A no-show may still arrive on its day; if its car has
    another appointment on that day, only with `confirm_second_appointment`. A car that comes a slot or more before its time, or
    after it, frees its place, and takes one from now on if there is one.
    """

    appointment_id: Id
    bay: Bay | None = None
    confirm_second_appointment: bool = False


class ChooseCustomer(Command, service="booking", answer=Appointment):
    """Choose whose appointment it is.

    The car is another's than who booked it (`new_owner`): the appointment stays with who booked, or is the owner's from now on.
    """

    appointment_id: Id
    customer: ChosenCustomer


class GetAppointment(Query, service="booking", answer=Appointment):
    """An appointment.

    As it is now; customer and vehicle as their files are, until its order is opened.
    """

    appointment_id: Id


class ListAppointments(Query, VisitListing, service="booking", answer=Appointments):
    """Appointments.

    Those that meet all conditions. `status` may be given several times; `plate`, `name`
    and `phone` are found by any piece, however it is typed; `from_day` and `to_day` are local days,
    both included. `updated_since` is for programs that keep a copy: ask with it, sorted by `updated_at`, and begin a little
    before the last time you saw.
    """

    status: list[AppointmentStatus] = field(default_factory=list)
    service_type: ServiceType | None = None
    sort: AppointmentSort = "-starts_at"
