"""Bringing a car that was inspected back to work, whatever brings it back (Rules W11, W26, W30)."""

from collections.abc import Sequence

from chassis import Work
from contracts.workshop.completion import VoidCause
from services.workshop.completion.voiding import void_standing
from services.workshop.order.offering import watch_stay
from services.workshop.order.promised import look_again
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.quality_check import return_to_work

MOST_REASON = 300


def bring_back(work: Work, order: WorkOrder, cause: VoidCause, reason: str, rework: Sequence[str] = ()) -> None:
    """These lines are done again, its certificate counts no longer, and whether its promise holds is looked at anew."""
    return_to_work(order, reason[:MOST_REASON], rework)
    void_standing(work, order, cause, reason)
    look_again(work, order)
    watch_stay(work, order)
