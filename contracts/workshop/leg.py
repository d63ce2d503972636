"""Pick-up and return (上门取送车, Rule B14): legs on which a driver fetches a car from its customer, or brings it back."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import Colleague, Listing, Login, Name, Page, Phone, Plate, Reason
from contracts.signing import Signature, Signing
from contracts.workshop.custody import MOST_KEYS, Thing
from contracts.workshop.evidence import Attachment

LegDirection = Literal["pick_up", "return"]
"""取车, 送车."""

LegState = Literal["planned", "under_way", "done", "failed", "cancelled"]
"""已安排, 途中, 已完成, 未完成, 已取消."""

LegQuestion = Literal[
    "appointment_moved",
    "appointment_off",
    "car_is_here",
    "driver_gone",
    "leg_failed",
    "not_given_back",
    "car_to_return",
    "car_waits",
    "order_reopened",
    "customer_changed",
    "less_than_at_door",
    "visit_open",
]
"""预约已改期, 预约不再有效, 车已到店, 司机已停用, 未完成, 物品未交还, 车待送回, 已取车而预约不在当日, 车辆返工,
客户已变更, 少于取车时交接, 车已送回而预约未了结: what somebody must decide about a leg."""

Address = Annotated[str, text(200)]


class LegSheet(Part):
    """What goes with the car at the customer's (交接单): written by the driver, signed by the customer."""

    keys: Annotated[int, whole(0, MOST_KEYS)]
    registration: bool
    service_book: bool
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    mileage_reason: Reason | None = None
    fuel_eighths: Annotated[int | None, whole(0, 8)] = None
    remarks: Annotated[str | None, text(1000)] = None
    recorded_by: Login
    recorded_at: datetime
    document_hash: str
    signature: Signature | None = None


class PlannedLeg(Part):
    """A leg as a day shows it."""

    id: Id
    direction: LegDirection
    leg_state: LegState
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    plate: Plate
    customer_name: Name
    phone: Phone
    address: Address
    note: Reason | None = None
    begins_at: datetime
    ends_at: datetime
    appointment_at: datetime | None = None
    driver: Login | None = None
    question: LegQuestion | None = None
    escalated_at: datetime | None = None


class Leg(Answer, PlannedLeg):
    """A leg with what became of it: who planned, began and ended it, its sheet and its photos (the newest 24).

    A moved or cancelled appointment leaves a `question` where the leg could not follow: its window is not kept meanwhile.
    `held` is what of its order whoever drove it still has, to be handed over to one of `colleagues`.
    """

    version: int
    planned_by: Login
    planned_at: datetime
    started_by: Login | None = None
    started_at: datetime | None = None
    ended_by: Login | None = None
    ended_at: datetime | None = None
    ended_because: Reason | None = None
    collected_by: Login | None = None
    collected_at: datetime | None = None
    sheet: LegSheet | None = None
    photos: list[Attachment]
    held: list[Thing]
    colleagues: list[Colleague]


class Legs(Answer, Page):
    """A page of legs, the newest first."""

    items: list[PlannedLeg]


class LegWindow(Part):
    """An interval of a day: how many legs it takes, and how many more."""

    begins_at: datetime
    ends_at: datetime
    legs: int
    free: int


class LegPlan(Answer):
    """Some days of pick-up and return: what is free, what is planned, who drives; and legs that somebody must decide about."""

    windows: list[LegWindow]
    legs: list[PlannedLeg]
    questions: list[PlannedLeg]
    drivers: list[Colleague]


class MyLegs(Answer):
    """A driver's day: their legs, those to drive first, with those of earlier days that are still open.

    `unassigned` are planned legs that nobody is to drive yet: whoever sets out drives them.
    """

    day: date
    legs: list[PlannedLeg]
    unassigned: list[PlannedLeg]


class PlanLeg(Command, service="workshop", answer=Leg):
    """Plan a leg.

    The car of an appointment is fetched, or that of an order that is ready is brought back (Rule B14). `begins_at` is the
    beginning of an interval of the dealer's, which is refused when it is full. A pick-up's ends before the appointment; there is
    one of each direction for an appointment or an order, until the car is home again: then it may be fetched anew, also while
    its order is at work.
    """

    direction: LegDirection
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    address: Address
    note: Reason | None = None
    begins_at: datetime
    driver: Login | None = None


class ReplanLeg(Command, service="workshop", answer=Leg):
    """Replan a leg.

    Another interval, driver or address; what is not given stays, and something must be. `no_driver`: nobody is to drive it yet.
    A new interval answers what was asked about it, an address where the customer is another
    one. Of one that is under way only driver and address.
    """

    leg_id: Id
    begins_at: datetime | None = None
    driver: Login | None = None
    no_driver: bool = False
    address: Address | None = None
    note: Reason | None = None


class StartLeg(Command, service="workshop", answer=Leg):
    """Start a leg.

    The driver is under way; refused where the car has come another way.
    A car is brought back once its customer has accepted the work; keys and papers are the driver's.
    """

    leg_id: Id


class RecordLegSheet(Command, service="workshop", answer=Leg):
    """Record what goes with the car.

    Keys, papers, mileage and fuel, as the driver takes the car over or hands it back; recorded again it replaces what nobody has
    signed yet. Whoever drives the leg does, or a manager, who takes it over.
    Mileage and fuel are needed where the car is taken over; no more keys go back than were received.
    """

    leg_id: Id
    keys: Annotated[int, whole(0, MOST_KEYS)]
    registration: bool = False
    service_book: bool = False
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    mileage_reason: Reason | None = None
    fuel_eighths: Annotated[int | None, whole(0, 8)] = None
    remarks: Annotated[str | None, text(1000)] = None


class SignLegSheet(Command, service="workshop", answer=Leg):
    """Have the sheet signed.

    The customer signs what they were shown; with that the leg is done, and keys and papers change hands (Rule W24).
    """

    leg_id: Id
    signature: Signing


class FailLeg(Command, service="workshop", answer=Leg):
    """Record that a leg came to nothing.

    Nobody was there, the car does not start: with the reason. Another may be planned.
    """

    leg_id: Id
    reason: Reason


class CancelLeg(Command, service="workshop", answer=Leg):
    """Cancel a leg.

    Its place is free for others.
    """

    leg_id: Id
    reason: Reason


class CollectCar(Command, service="workshop", answer=Leg):
    """Record that the customer fetched the car themselves.

    Of a car that was fetched, while its visit is off or on another day, and
    of one whose work is accepted: what is the customer's goes back to them,
    custody ends (Rule W24), and a return that is planned is off. Refused
    where the car is not here, or on its way. Of a return that gave back less than was taken over: the
    customer has the rest by now, or it is explained where it is; with the reason.
    """

    leg_id: Id
    reason: Reason | None = None


class GetLeg(Query, service="workshop", answer=Leg):
    """A leg.

    With its sheet and photos.
    """

    leg_id: Id


class ListLegs(Query, Listing, service="workshop", answer=Legs):
    """Legs.

    Those of an appointment or an order; with neither, all of them.
    """

    appointment_id: Id | None = None
    work_order_id: Id | None = None


class GetLegPlan(Query, service="workshop", answer=LegPlan):
    """The plan of pick-up and return.

    Of some local days: intervals with what is free, legs, drivers; and the legs about which somebody must decide.
    """

    from_day: date | None = None
    days: Annotated[int, whole(1, 14)] = 1


class GetMyLegs(Query, service="workshop", answer=MyLegs):
    """My legs.

    What whoever is signed in drives today, or on another day.
    """

    day: date | None = None
