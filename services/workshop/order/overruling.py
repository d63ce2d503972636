"""Overruling a comeback: it is another fault after all (Rule W2)."""

from chassis import Refused, Work
from contracts.workshop.order import OverruleComeback
from services.workshop.order.comeback_note import groups_of, overruled
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def overrule(work: Work, command: OverruleComeback) -> WorkOrder:
    """Whoever said so stays on the order, with the reason; possible while somebody else may still pay."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.CHANGE_PAYER)
    if order.comeback is None or not groups_of(order.comeback):
        raise Refused("no_comeback")
    order.comeback = overruled(order.comeback, work.actor, work.now, command.reason)
    return order
