"""When a special order is expected."""

from chassis import Invalid, Work
from chassis.wire.ahead import YEAR, require_within
from contracts.parts.special_order import ExpectSpecialOrder
from services.parts.special_order.special_order import SpecialOrder


def expect(work: Work, command: ExpectSpecialOrder) -> SpecialOrder:
    """The supplier named a day. Raises Invalid for one that has passed, Refused for an order that is closed."""
    order = work.edit(SpecialOrder, command.special_order_id)
    today = work.profile.local(work.now).date()
    if command.expected_on < today:
        raise Invalid.field("expected_on", "must_not_be_past")
    require_within("expected_on", command.expected_on, today, days=2 * YEAR)
    order.expect(command.expected_on)
    return order
