"""What workshop announces of its reception: cars in the lane and its escalations, walk-arounds, comebacks."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Event, Id, text, whole
from contracts.shared import Plate, Reason
from contracts.workshop.comeback import EarlierRepair
from contracts.workshop.events import WorkOrderEvent
from contracts.workshop.lane import LaneCause, LaneRelief, LaneTrigger, LeftLane


class LaneCarEvent(Event):
    """Something happened to a car in the reception lane."""

    lane_car_id: Id
    plate: Plate


class CarEnteredLane(LaneCarEvent, type="workshop.lane_car.entered"):
    """A car stands in the reception lane (预检区), booked or not; at `alert_at` it will have been there too long (Rule W1)."""

    appointment_id: Id | None = None
    arrived_at: datetime
    alert_at: datetime


class CarLeftLane(LaneCarEvent, type="workshop.lane_car.left", subscribers=("booking.send_appointment_on",)):
    """The car left the lane: an order was opened for it, its appointment is off, or it was sent on, and its appointment ends."""

    appointment_id: Id | None = None
    left: LeftLane
    left_at: datetime
    work_order_id: Id | None = None
    reason: Reason | None = None


class LaneAlertEvent(Event):
    """Something happened to an escalation of the lane."""

    lane_alert_id: Id
    trigger: LaneTrigger


class LaneEscalated(LaneAlertEvent, type="workshop.lane_alert.escalated"):
    """The lane is too full, a car has been there too long, or the guard called; the service manager must act (Rule W1)."""

    cars: Annotated[int, whole(0)]
    plate: Plate | None = None
    raised_at: datetime
    note: Reason | None = None


class LaneRelieved(LaneAlertEvent, type="workshop.lane_alert.relieved"):
    """The service manager said what was done about an escalation, what caused it, and what shall keep it from coming again."""

    relief: LaneRelief
    lane_cause: LaneCause
    measure: Reason
    relieved_at: datetime


class WalkAroundSigned(WorkOrderEvent, type="workshop.walk_around.signed", subscribers=("crm.correct_mileage",)):
    """The customer signed how the car was found when it was taken over (环车检查); a correction is a version of its own."""

    walk_around_version: Annotated[int, whole(1)]
    mileage: Annotated[int, whole(0)]
    damage_count: Annotated[int, whole(0)]
    signed_by: Annotated[str, text(120)]
    signed_at: datetime
    vehicle_id: Id | None = None
    mileage_reason: Reason | None = None


class ComebackFound(Event, type="workshop.comeback.found", subscribers=("booking.record_comeback",)):
    """Work that was booked or ordered comes back within its repair warranty (返修), once per visit and kind of work (Rule W2).

    It is found when the appointment is booked or changed, when its order opens, or when a line is added.
    """

    comeback_id: Id
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    plate: Plate
    repair: EarlierRepair
    found_at: datetime
