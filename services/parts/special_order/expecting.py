"""When a special order is expected."""

from datetime import date

from chassis import Invalid, Work
from chassis.wire.ahead import YEAR, require_within
from contracts.parts.order_part import ExpectOrderPart
from contracts.parts.special_order import ExpectSpecialOrder
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder


def expect(work: Work, command: ExpectSpecialOrder) -> SpecialOrder:
    """The supplier named a day. Raises Invalid for one that has passed, Refused for an order that is closed."""
    order = work.edit(SpecialOrder, command.special_order_id)
    _require_day(work, command.expected_on)
    order.expect(command.expected_on)
    return order


def expect_part(work: Work, command: ExpectOrderPart) -> OrderPart:
    """The same, of what an order waits for."""
    part = work.edit(OrderPart, command.order_part_id)
    _require_day(work, command.expected_on)
    part.expect(command.expected_on)
    return part


def _require_day(work: Work, day: date) -> None:
    today = work.profile.local(work.now).date()
    if day < today:
        raise Invalid.field("expected_on", "must_not_be_past")
    require_within("expected_on", day, today, days=2 * YEAR)
