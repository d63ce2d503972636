"""When a special order is expected."""

from chassis import Invalid, Work
from contracts.parts.special_order import ExpectSpecialOrder
from services.parts.special_order.special_order import SpecialOrder


def expect(work: Work, command: ExpectSpecialOrder) -> SpecialOrder:
    """The supplier named a day. Raises Invalid for one that has passed, Refused for an order that is closed."""
    order = work.edit(SpecialOrder, command.special_order_id)
    if command.expected_on < work.profile.local(work.now).date():
        raise Invalid.field("expected_on", "must_not_be_past")
    order.expect(command.expected_on)
    return order
