"""The reception lane (预检区): who waits there for how long, and what was done when it was full (Rule W1)."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.booking.events import AppointmentStatus, AppointmentTag
from contracts.shared import Listing, Login, Name, Page, Plate, Reason, each_once, up_to
from contracts.workshop.comeback import WorkClass

LaneAside = Literal["parking", "wash", "bodywork"]
"""临时停放, 先洗车, 先钣喷."""

LaneTrigger = Literal["full", "overdue", "guard"]
"""车辆过多, 停留超时, 保安报警."""

LaneCause = Literal["arrivals_at_once", "walk_ins", "advisors_short", "reception_slow", "no_free_bay", "not_for_service", "other"]
"""集中到店, 未预约到店, 接待人手不足, 接待耗时过长, 工位已满, 非服务车辆, 其他."""

LaneRelief = Literal["ticket", "parking", "wash", "bodywork", "none_needed"]
"""发放排队号, 临时停放, 先洗车, 先钣喷, 无需处置."""

LeftLane = Literal["taken_over", "sent_on", "appointment_cancelled"]

Month = Annotated[str, fields.String(validate=validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", error="not_a_month"))]
"""A month of the dealer's calendar: 2026-03."""


class BookedToday(Part):
    """An appointment of today of a car with this plate, which nobody has said to be here."""

    appointment_id: Id
    status: AppointmentStatus
    starts_at: datetime
    customer_name: Name


class LaneCar(Answer):
    """A car in the lane. `position` is its place there; without one it waits behind, or is set aside.

    `booked_today` is told of one whose appointment nobody named: where it is that one, say of that that it arrived.
    `alert_at` is when it will have been here too long: greeting does not stop that clock.
    """

    id: Id
    version: Annotated[int, whole(1)]
    plate: Plate
    appointment_id: Id | None = None
    customer_name: Name | None = None
    concern: Annotated[str | None, text(4000)] = None
    advisor: Login | None = None
    new_owner_name: Name | None = None
    tags: list[AppointmentTag]
    arrived_at: datetime
    position: Annotated[int | None, whole(1)] = None
    ticket: Annotated[int | None, whole(1)] = None
    greet_by: datetime
    greeted_at: datetime | None = None
    greeted_by: Login | None = None
    alert_at: datetime
    aside: LaneAside | None = None
    aside_place: Annotated[str | None, text(60)] = None
    left_at: datetime | None = None
    left: LeftLane | None = None
    left_reason: Reason | None = None
    work_order_id: Id | None = None
    booked_today: list[BookedToday] = field(default_factory=list)


class LaneAlert(Answer):
    """One escalation (升级) of the lane, kept for ever: why, when, and what the service manager did about it."""

    id: Id
    version: Annotated[int, whole(1)]
    trigger: LaneTrigger
    raised_at: datetime
    raised_by: Login | None = None
    note: Reason | None = None
    cars: Annotated[int, whole(0)]
    lane_car_id: Id | None = None
    plate: Plate | None = None
    relieved_at: datetime | None = None
    relieved_by: Login | None = None
    relief: LaneRelief | None = None
    lane_cause: LaneCause | None = None
    measure: Reason | None = None


class Lane(Answer):
    """The lane as it is at `as_of`: its cars, those set aside, and the escalations that nobody has relieved yet."""

    as_of: datetime
    positions: Annotated[int, whole(1)]
    cars: list[LaneCar]
    aside: list[LaneCar]
    alerts: list[LaneAlert]


class LaneAlerts(Answer, Page):
    """A page of escalations, the newest first."""

    items: list[LaneAlert]


class LaneMonth(Part):
    """How often that was the cause and this the relief in a local month; null while it is not relieved."""

    month: Month
    trigger: LaneTrigger
    lane_cause: LaneCause | None = None
    relief: LaneRelief | None = None
    count: Annotated[int, whole(1)]


class LaneAnalysis(Answer):
    """The latest month first."""

    items: list[LaneMonth]


class RepairWarranty(Part):
    """For how long a class of work is warranted after its delivery (质保期): days or kilometres, whichever comes first."""

    work_class: WorkClass
    days: Annotated[int, whole(0, 3_650)]
    km: Annotated[int, whole(0, 1_000_000)]


class ReceptionSettings(Answer):
    """The dealer's own settings of the reception; `version` is the ETag."""

    id: Id
    version: Annotated[int, whole(1)]
    lane_positions: Annotated[int, whole(1)]
    greet_minutes: Annotated[int, whole(1)]
    alert_cars: Annotated[int, whole(1)]
    alert_minutes: Annotated[int, whole(1)]
    warranties: list[RepairWarranty]
    red_needs_photo: bool


class SetReceptionSettings(Command, service="workshop", answer=ReceptionSettings):
    """Set the reception's numbers.

    How many positions the lane has, and how long a customer waits there before somebody must act (Rule W1). What stands in the
    lane keeps the times that were set when it came. And for how long each class of work is warranted (Rule W29): a class that is
    not named keeps what it has, and so does what was delivered. And whether a red finding of an inspection is refused without
    its photo (Rule W31).
    """

    lane_positions: Annotated[int, whole(1, 50)] = 3
    greet_minutes: Annotated[int, whole(1, 120)] = 1
    alert_cars: Annotated[int, whole(1, 100)] = 4
    alert_minutes: Annotated[int, whole(1, 600)] = 20
    warranties: list[RepairWarranty] = up_to(each_once(WorkClass))
    red_needs_photo: bool = True


class GetReceptionSettings(Query, service="workshop", answer=ReceptionSettings):
    """Show the reception's numbers.

    Positions of the lane, and its times.
    """


class EnterLane(Command, service="workshop", answer=LaneCar):
    """Record a car that came without appointment.

    It stands in the reception lane from now on; its clocks run. A booked car is there by itself when its arrival is recorded.
    """

    plate: Plate
    customer_name: Name | None = None
    concern: Annotated[str | None, text(300)] = None


class GreetCustomer(Command, service="workshop", answer=LaneCar):
    """Greet the customer.

    Somebody of the reception is with them. The clock of how long the car is here goes on.
    """

    lane_car_id: Id


class GiveTicket(Command, service="workshop", answer=LaneCar):
    """Give a queue ticket.

    Its number is counted by the dealer's local day.
    """

    lane_car_id: Id


class SetAside(Command, service="workshop", answer=LaneCar):
    """Set a car aside.

    It makes room in the lane: parked for the moment, or washed or at the bodywork first. It still waits to be taken over.
    """

    lane_car_id: Id
    to: LaneAside
    place: Annotated[str | None, text(60)] = None


class BringBack(Command, service="workshop", answer=LaneCar):
    """Bring a car back into the lane.

    It has been here since it came: if that is too long by now, the service manager learns of it.
    """

    lane_car_id: Id


class SendOn(Command, service="workshop", answer=LaneCar):
    """Send a car on.

    It leaves the lane without an order: the lane is for service cars only. The appointment of a booked one is cancelled with the
    reason; it may be booked again by moving it.
    """

    lane_car_id: Id
    reason: Reason


class GetLane(Query, service="workshop", answer=Lane):
    """Show the reception lane.

    Every car that waits, since when and for what, and the escalations that want relief.
    """


class RaiseLaneAlert(Command, service="workshop", answer=LaneAlert):
    """Raise a lane alert.

    The guard sees that the lane is stuck; the service manager learns of it. While an alert of the guard waits for relief, it is
    answered again and no second one is raised.
    """

    note: Reason | None = None


class RelieveLane(Command, service="workshop", answer=LaneAlert):
    """Relieve the lane.

    Record what was done, why it came to that, and what shall keep it from happening again. The relief is given to the car
    that is named: a ticket, a place to park, the wash or the bodywork first.
    """

    lane_alert_id: Id
    relief: LaneRelief
    lane_car_id: Id | None = None
    place: Annotated[str | None, text(60)] = None
    lane_cause: LaneCause
    measure: Reason


class ListLaneAlerts(Query, Listing, service="workshop", answer=LaneAlerts):
    """List escalations of the lane.

    All of them, or those of a local month, or those that nobody has relieved yet.
    """

    month: Month | None = None
    relieved: bool | None = None


class AnalyseLane(Query, service="workshop", answer=LaneAnalysis):
    """Show causes and reliefs of escalations by month.

    Of so many local months, this one included.
    """

    months: Annotated[int, whole(1, 36)] = field(default=12)
