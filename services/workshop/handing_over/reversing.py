"""Reversing a delivery: asked for here, decided by billing, which owns the gate pass, and done here once it is confirmed."""

from chassis import NotYet, Work
from contracts.billing.events import ReversalConfirmed, ReversalRefused
from contracts.workshop.events import ReversalRequested
from contracts.workshop.handing_over import ReverseDelivery
from services.workshop.completion.voiding import void_standing
from services.workshop.handing_over import reversal
from services.workshop.handing_over.delivery import Delivery
from services.workshop.observation.observing import end_reversed
from services.workshop.order import comeback, custody
from services.workshop.order.declined_work import take_back
from services.workshop.order.vehicle_history import forget_visit
from services.workshop.order.work_order import WorkOrder


def request_reversal(work: Work, command: ReverseDelivery) -> WorkOrder:
    """Ask billing to let the delivery be reversed; the order stays delivered until billing has answered."""
    order = work.edit(WorkOrder, command.work_order_id)
    reversal.request(order, command.reason, by=work.actor, at=work.now)
    return order


def recall_request(work: Work, event: ReversalRequested) -> None:
    """Once the database was restored from a backup: that it was asked for, of a delivery that the backup has."""
    order = work.lock(WorkOrder, event.work_order_id)
    if order is not None and reversal.is_as_delivered(order, event.revision):
        work.change(order)
        reversal.recall(order, event, by=work.actor, at=work.happened_at)


def reverse_delivery(work: Work, event: ReversalConfirmed) -> None:
    """Reverse the delivery; parts and crm undo their effects on DeliveryReversed. Raises NotYet for a delivery yet to come."""
    order = work.lock_root(WorkOrder, event.work_order_id)
    _wait_for_delivery(order, event.revision)
    delivery = work.get(Delivery, Delivery.identity(order.id, event.revision))
    if delivery.reversed_at is not None:
        return
    work.change(order)
    given_back_at = order.delivered_at
    note = reversal.confirm(order, at=work.now)
    if given_back_at is not None:
        custody.keep_after_all(work, order, given_back_at, reason=note["reason"])
    end_reversed(work, order)
    comeback.unwarrant(work, order, event.revision)
    forget_visit(work, order, event.revision)
    take_back(work, order)
    void_standing(work, order, "reversed", note["reason"], revision=event.revision, by=note["requested_by"])
    delivery.reverse(note["reason"], by=note["requested_by"], at=work.now)


def note_refusal(work: Work, event: ReversalRefused) -> None:
    """Show on the order why its delivery was not reversed. An answer that was heard before changes nothing."""
    order = work.lock_root(WorkOrder, event.work_order_id)
    _wait_for_delivery(order, event.revision)
    if reversal.is_requested(order, event.revision):
        work.change(order)
        reversal.refuse(order, event.refusal, at=work.now)


def _wait_for_delivery(order: WorkOrder, revision: int) -> None:
    if revision > order.revision:
        raise NotYet(f"delivery {revision} of work order {order.id} has not happened here yet", waits_for=order.id)
