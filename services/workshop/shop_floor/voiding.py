"""Voiding an order; parts frees what was reserved for it."""

from chassis import Refused, Work
from contracts.workshop.order import VoidWorkOrder
from services.workshop.delivery_time.agreeing import call_off
from services.workshop.leg.trip import is_fetched
from services.workshop.order.custody import of_customer
from services.workshop.order.declined_work import keep_declined
from services.workshop.order.occupancy import bay_of, free
from services.workshop.order.offering import end_offer
from services.workshop.order.progress_report import end_reports
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor import dispatch
from services.workshop.shop_floor.clocking import clockings_of
from services.workshop.shop_floor.isolated import require_none_stands


def void(work: Work, command: VoidWorkOrder) -> WorkOrder:
    """Void the order, of which nothing was done; its bay is free for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    require_none_stands(work, order)
    _require_given_back(work, order)
    dispatch.void(order, clockings_of(work, order), command.reason)
    end_offer(work, order)
    call_off(work, order, command.reason)
    keep_declined(work, order, work.now)
    if order.bay is not None:
        free(work, "bay", bay_of(order), order)
    end_reports(work, order)
    return order


def _require_given_back(work: Work, order: WorkOrder) -> None:
    """What the customer left is with them again, unless a driver fetched the car and brings it back (Rules W24 and B14)."""
    here = of_customer(work, order)
    if here and not is_fetched(work, order):
        thing, holder = next(iter(here.items()))
        raise Refused("not_given_back", kind=thing, name=holder)
