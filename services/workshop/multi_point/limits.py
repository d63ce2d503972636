"""The limits of what is measured, in an inspection (Rule W3) and in a final one (Rule W28)."""

from chassis import Quantity
from chassis.wire.rules import rule
from contracts.workshop.final_inspection import FinalItem
from contracts.workshop.multi_point import TemplateItem


def beyond(item: TemplateItem | FinalItem, value: Quantity) -> str | None:
    """The rule that a value beyond the item's limits breaks; they may be reached."""
    if item.lowest is not None and value < item.lowest:
        return rule("below_the_limit", item_code=item.item_code, unit=item.unit, limit=item.lowest.shortest)
    if item.highest is not None and value > item.highest:
        return rule("above_the_limit", item_code=item.item_code, unit=item.unit, limit=item.highest.shortest)
    return None
