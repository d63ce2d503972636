"""What refuses a delivery whatever is signed: told before the customer signs, and asked when they have (Rules W13, W32)."""

from collections.abc import Iterator
from typing import Any

from chassis import Refused, Work
from contracts.workshop.handing_over import Obstacle
from services.workshop.completion.certifying import uncertified
from services.workshop.delivery_time.agreeing import at_peak
from services.workshop.handing_over.delivery import obstacles_of
from services.workshop.handing_over.moment import Moment
from services.workshop.order.promise import Promise
from services.workshop.order.work_order import WorkOrder


def obstacles_to(work: Work, order: WorkOrder, moment: Moment) -> Iterator[Refused]:
    """Everything that refuses the order's delivery at this moment: of the order itself, its hour, its papers and its promise."""
    yield from obstacles_of(order)
    yield from at_peak(work, order, moment.peaks)
    yield from uncertified(work, order)
    if moment.unexplained:
        yield from work.get(Promise, order.id).unexplained()


def shown(refusal: Refused) -> Obstacle:
    """The obstacle as it is answered: the code of the refusal, and those of its facts that an obstacle has."""
    known: dict[str, Any] = {name: fact for name, fact in refusal.details.items() if name in Obstacle.__annotations__}
    return Obstacle(code=refusal.code, **known)
