"""The end of an order: ready, delivered, reversed, closed, void (Rules W13 to W15)."""

from chassis import NotYet, Work
from contracts.billing.events import GatePassUsed
from contracts.workshop.handing_over import DeliverWorkOrder, MarkReady, ReverseDelivery
from contracts.workshop.order import VoidWorkOrder
from services.workshop.domain.deliveries import Delivery
from services.workshop.domain.orders import WorkOrder
from services.workshop.domain.status import Status


def mark_ready(work: Work, command: MarkReady) -> WorkOrder:
    """The car can be handed over."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.mark_ready()
    return order


def deliver(work: Work, command: DeliverWorkOrder) -> WorkOrder:
    """The customer accepted and signed; billing, parts and crm learn of it from WorkOrderDelivered."""
    order = work.edit(WorkOrder, command.work_order_id)
    work.add(
        order.deliver(
            at=work.now,
            accepted_by=command.accepted_by,
            mileage=command.mileage,
            mileage_reason=command.mileage_reason,
            next_service_on=command.next_service_on,
            next_service_mileage=command.next_service_mileage,
            preferred_follow_up_time=command.preferred_follow_up_time,
            preferred_phone=command.preferred_phone,
        )
    )
    return order


def reverse_delivery(work: Work, command: ReverseDelivery) -> WorkOrder:
    """Undo the last delivery; the three effects are undone by those who hear of it."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.reverse_delivery(command.reason)
    delivery = work.get(Delivery, Delivery.identity(order.id, order.revision))
    delivery.reverse(command.reason, by=work.actor, at=work.now)
    return order


def close(work: Work, fact: GatePassUsed) -> None:
    """The car left. A pass of a delivery that was reversed meanwhile is refused, and seen by whoever looks after dead letters."""
    order = work.get(WorkOrder, fact.work_order_id)
    if fact.revision > order.revision:
        raise NotYet(f"delivery {fact.revision} of work order {order.id} has not happened here yet")
    if order.status is not Status.CLOSED:
        work.edit(WorkOrder, fact.work_order_id).close(fact.revision)


def void(work: Work, command: VoidWorkOrder) -> WorkOrder:
    """End an order on which nothing was begun."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.void(command.reason)
    return order
