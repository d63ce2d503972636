"""Delivering cars, and what ends an order after that."""

from chassis import NotYet, Work
from contracts.billing.events import GatePassUsed
from contracts.workshop.handing_over import DeliverWorkOrder, MarkReady
from services.workshop.handing_over import delivery
from services.workshop.handing_over.moment import moment_of
from services.workshop.order.mileage import refuse_lower
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder


def mark_ready(work: Work, command: MarkReady) -> WorkOrder:
    """Mark the order as ready for the customer."""
    order = work.edit(WorkOrder, command.work_order_id)
    delivery.mark_ready(order)
    return order


def deliver(work: Work, command: DeliverWorkOrder) -> WorkOrder:
    """Deliver the order; billing, parts and crm learn of it from WorkOrderDelivered."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.DELIVER)
    moment = moment_of(work, order)
    refuse_lower(moment.last_mileage, command.mileage, command.mileage_reason)
    with work.without_autoflush():  # reading the lines would write the order before it is changed to its end
        order.know(moment.customer, moment.vehicle)
        delivered = delivery.deliver(
            order,
            at=work.now,
            tax_rate=moment.tax_rate,
            accepted_by=command.accepted_by,
            mileage=command.mileage,
            mileage_reason=command.mileage_reason,
            next_service_on=command.next_service_on,
            next_service_mileage=command.next_service_mileage,
            preferred_follow_up_time=command.preferred_follow_up_time,
            preferred_phone=command.preferred_phone,
        )
    work.add(delivered)
    return order


def close(work: Work, event: GatePassUsed) -> None:
    """The car left. A pass of a delivery that does not count is refused, and seen by whoever looks after dead letters."""
    order = work.get(WorkOrder, event.work_order_id)
    if event.revision > order.revision:
        raise NotYet(f"delivery {event.revision} of work order {order.id} has not happened here yet", waits_for=order.id)
    if order.status is not Status.CLOSED:
        delivery.close(work.edit(WorkOrder, event.work_order_id), event.revision)
