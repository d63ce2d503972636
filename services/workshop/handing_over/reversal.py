"""The reversal of a delivery that was entered by mistake (Rule W15).

Only one of two may happen: the car leaves with its gate pass, or its delivery is reversed. The pass is billing's, so billing is
asked, and what it answers is final.
"""

from datetime import datetime

from chassis import Refused
from contracts.workshop.events import DeliveryReversed, ReversalRequested
from contracts.workshop.readiness import ReversalRefusal
from services.workshop.order.reversal import ReversalNote, answered, requested
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder


def request(order: WorkOrder, reason: str, *, by: str, at: datetime) -> None:
    """Ask for it; after a refusal it may be asked again. Raises Refused while it is asked for, and once the car has left."""
    if order.status is Status.CLOSED or order.left_at is not None:
        raise Refused("gate_pass_used")
    order.require(Transition.REVERSE_DELIVERY)
    if is_requested(order, order.revision):
        raise Refused("reversal_requested")
    order.reversal = requested(reason, by=by, at=at)
    order.announce(ReversalRequested(work_order_id=order.id, revision=order.revision, reason=reason))


def recall(order: WorkOrder, event: ReversalRequested, *, by: str, at: datetime) -> None:
    """It was asked for before the database was restored: what billing answered comes again, and must find the question."""
    order.reversal = requested(event.reason, by=by, at=at)


def is_as_delivered(order: WorkOrder, revision: int) -> bool:
    """Whether the order stands as that delivery left it."""
    return order.status is Status.DELIVERED and order.revision == revision


def is_requested(order: WorkOrder, revision: int) -> bool:
    """Whether the reversal of that delivery was asked for and not answered yet."""
    return order.revision == revision and order.reversal is not None and order.reversal["state"] == "requested"


def confirm(order: WorkOrder, *, at: datetime) -> ReversalNote:
    """The car cannot leave with that delivery any more: it is undone, and the order ready again."""
    assert order.reversal is not None, "only what was asked for is confirmed"
    order.take(Transition.REVERSE_DELIVERY)
    order.mileage, order.delivered_at = None, None
    if order.new_damage:
        order.new_damage_at = at
    order.reversal = answered(order.reversal, "confirmed", at)
    order.announce(DeliveryReversed(work_order_id=order.id, revision=order.revision, reason=order.reversal["reason"]))
    return order.reversal


def refuse(order: WorkOrder, refusal: ReversalRefusal, *, at: datetime) -> None:
    """The delivery stands, because the car had left."""
    assert order.reversal is not None, "only what was asked for is refused"
    order.reversal = answered(order.reversal, "refused", at, refusal)
