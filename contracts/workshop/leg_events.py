"""What workshop announces of pick-up and return (Rule B14). No event says where somebody lives."""

from datetime import datetime

from chassis.wire import Event, Id, Part
from contracts.shared import Login, Name, Plate, Reason
from contracts.workshop.custody import Thing
from contracts.workshop.leg import LegDirection, LegQuestion, LegState

_FOLLOWED = ("booking.follow_leg",)


class LegFacts(Part):
    """A leg as other services need to know it: never with its address, and with nobody's name or phone."""

    leg_id: Id
    direction: LegDirection
    trip: int = 1
    leg_state: LegState
    collected: bool = False
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    customer_id: Id
    plate: Plate
    begins_at: datetime
    ends_at: datetime
    driver: Login | None = None


class LegChanged(Event):
    """What every event of a leg tells: how it is now."""

    leg: LegFacts


class LegPlanned(LegChanged, type="workshop.leg.planned", subscribers=_FOLLOWED):
    """A car is to be fetched, or brought back."""

    planned_by: Login


class LegReplanned(LegChanged, type="workshop.leg.replanned", subscribers=_FOLLOWED):
    """Another window, driver or place; the leg of an appointment that was moved followed it. The customer is to be told."""

    previous_begins_at: datetime


class LegAsked(LegChanged, type="workshop.leg.asked", subscribers=_FOLLOWED):
    """Its appointment was moved or cancelled, and the leg could not follow: somebody must decide."""

    question: LegQuestion


class LegStarted(LegChanged, type="workshop.leg.started", subscribers=_FOLLOWED):
    """The driver is under way."""

    started_by: Login
    started_at: datetime


class LegDone(LegChanged, type="workshop.leg.done", subscribers=_FOLLOWED):
    """The customer signed: the car was fetched, or is back, with these things of theirs."""

    things: list[Thing]
    signed_by: Name
    ended_by: Login
    ended_at: datetime


class LegFailed(LegChanged, type="workshop.leg.failed", subscribers=_FOLLOWED):
    """It came to nothing."""

    reason: Reason
    ended_by: Login
    ended_at: datetime


class LegCancelled(LegChanged, type="workshop.leg.cancelled", subscribers=_FOLLOWED):
    """It is off."""

    reason: Reason
    ended_by: Login
    ended_at: datetime


class LegCollected(LegChanged, type="workshop.leg.collected", subscribers=_FOLLOWED):
    """The customer fetched the car themselves, whose visit is off, and got these things back."""

    things: list[Thing]
    collected_by: Login
    collected_at: datetime


class LegLate(LegChanged, type="workshop.leg.late"):
    """It was not done by the end of its window: the service manager is told, once for each window."""

    escalated_at: datetime
