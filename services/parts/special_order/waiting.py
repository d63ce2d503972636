"""Who waits for what was ordered for them alone (Rule P5)."""

from chassis import Work
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder


def who_waits(work: Work, id_: str) -> SpecialOrder | OrderPart | None:
    """Who a line was ordered for, if they still wait."""
    found = work.find(SpecialOrder, id_) or work.find(OrderPart, id_)
    return found if found is not None and found.state == found.OPEN else None
