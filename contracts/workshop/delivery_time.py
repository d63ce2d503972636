"""The delivery as an appointment (交车预约, Rule W13): when the customer comes for the car."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.booking.calendar import TimeOfDay, Weekday
from contracts.shared import Login, Name, Phone, Plate, Reason
from contracts.workshop.comeback import WorkClass
from contracts.workshop.completion import CertifiedClass
from contracts.workshop.order import WorkOrderStatus

DeliveryState = Literal["booked", "kept", "cancelled"]
"""已约定, 已交车, 已取消."""

SLOT_MINUTES = 30
CARS = 20
"""So many cars are handed over at once where no interval says otherwise: a dealer who sets nothing notices nothing."""

SlotMinutes = Annotated[int, whole(10, 240)]
Cars = Annotated[int, whole(0, 200)]


class PlannedDelivery(Part):
    """A delivery as a day shows it. `overtaken`: the car is promised for a later time by now, and is not ready."""

    id: Id
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    order_status: WorkOrderStatus
    plate: Plate
    customer_name: Name
    phone: Phone
    advisor: Login
    promised_at: datetime | None = None
    starts_at: datetime
    ends_at: datetime
    delivery_state: DeliveryState
    overtaken: bool = False
    note: Reason | None = None


class DeliveryAppointment(Answer, PlannedDelivery):
    """The appointment at which a car is handed over, with who made it and what became of it."""

    version: int
    booked_by: Login
    booked_at: datetime
    ended_by: Login | None = None
    ended_at: datetime | None = None
    ended_because: Reason | None = None


class DeliverySlot(Part):
    """A time at which cars are handed over: how many, and how many more; at a peak those are kept away that the dealer says."""

    starts_at: datetime
    ends_at: datetime
    cars: int
    free: int
    peak: bool


class CarToPlan(Part):
    """A car that is ready and has no delivery appointment."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    advisor: Login
    promised_at: datetime | None = None


class DeliveryPlan(Answer):
    """When an order's car could be handed over: what is agreed, and the next times that are free, from the promised time on.

    `kept_from_peaks`: it is a major or accident repair, which is not handed over at a peak.
    """

    work_order_id: Id
    appointment: DeliveryAppointment | None = None
    kept_from_peaks: bool
    offers: list[DeliverySlot]


class DeliveryDay(Answer):
    """A day of deliveries: its times with what is free, who comes when, and the cars that are ready and have no time yet."""

    day: date
    slots: list[DeliverySlot]
    deliveries: list[PlannedDelivery]
    to_plan: list[CarToPlan]


class DeliveryInterval(Part):
    """From when to when on a weekday so many cars are handed over at once, in the dealer's local time."""

    weekday: Weekday
    begins: TimeOfDay
    ends: TimeOfDay
    cars: Cars


class PeakInterval(Part):
    """From when to when on a weekday the house is full (高峰时段), in the dealer's local time."""

    weekday: Weekday
    begins: TimeOfDay
    ends: TimeOfDay


class DeliverySettings(Answer):
    """When cars are handed over, and how many at once.

    Within the opening hours of the calendar there is a time every `slot_minutes`; it takes the `cars` of its interval, elsewhere
    `cars`. At a peak no work of the classes `kept_classes` is delivered, and if `insured_kept` none that an insurer pays for.
    Work of the `certified_classes` needs a completion certificate (Rule W32).
    """

    id: Id
    version: int
    slot_minutes: SlotMinutes = SLOT_MINUTES
    cars: Cars = CARS
    intervals: list[DeliveryInterval]
    peaks: list[PeakInterval]
    kept_classes: list[WorkClass]
    insured_kept: bool
    certified_classes: list[WorkClass]


class BookDelivery(Command, service="workshop", answer=DeliveryAppointment):
    """Book the delivery.

    Agree with the customer when they come for the car (交车预约, Rule W13): at one of the dealer's times, refused when it is
    full, before the car is promised to be ready, and for major and accident repairs at a peak. An order has one at a time.
    """

    work_order_id: Id
    starts_at: datetime
    note: Reason | None = None


class MoveDelivery(Command, service="workshop", answer=DeliveryAppointment):
    """Move the delivery.

    To another time, with the reason.
    """

    work_order_id: Id
    starts_at: datetime
    reason: Reason


class CancelDelivery(Command, service="workshop", answer=DeliveryAppointment):
    """Cancel the delivery's appointment.

    With the reason; its place is free for others. The car stays where it is.
    """

    work_order_id: Id
    reason: Reason


class GetDeliveryPlan(Query, service="workshop", answer=DeliveryPlan):
    """When the car can be handed over.

    What is agreed, and the next free times from the promised time on, of a day or later ones.
    """

    work_order_id: Id
    from_day: date | None = None


class GetDeliveryDay(Query, service="workshop", answer=DeliveryDay):
    """The day's deliveries.

    Hour by hour: who comes, what is free, and which cars are ready without an appointment.
    """

    day: date | None = None


class GetDeliverySettings(Query, service="workshop", answer=DeliverySettings):
    """When cars are handed over.

    How many at once, and when the house is full.
    """


class SetDeliverySettings(Command, service="workshop", answer=DeliverySettings):
    """Set when cars are handed over.

    They replace what was there; deliveries that are agreed keep their time.
    """

    slot_minutes: SlotMinutes = SLOT_MINUTES
    cars: Cars = CARS
    intervals: list[DeliveryInterval] = field(default_factory=list, metadata={"validate": validate.Length(max=100)})
    peaks: list[PeakInterval] = field(default_factory=list, metadata={"validate": validate.Length(max=100)})
    kept_classes: list[WorkClass] = field(default_factory=lambda: ["overhaul", "assembly", "special"])
    insured_kept: bool = True
    certified_classes: list[CertifiedClass] = field(default_factory=lambda: ["overhaul", "assembly", "second_level"])
