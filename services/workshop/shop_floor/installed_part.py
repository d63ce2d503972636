"""What went onto the car (Rule W8)."""

from collections.abc import Sequence

from chassis import Invalid, Quantity
from contracts.workshop.order import Split
from services.workshop.order.core_charge import recharge, with_core_charges
from services.workshop.order.new_line import amounts
from services.workshop.order.share import fixed
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def record_installed(order: WorkOrder, line_id: str, quantity: Quantity, by: str, split: Sequence[Split] = ()) -> None:
    """Less of a part went onto the car than was approved; `split` says what those pay who had agreed to amounts."""
    order.require(Transition.RECORD_INSTALLED)
    line = order.line(line_id)
    if split and not fixed(line.payers):
        raise Invalid.field("split", "payers_agreed_to_no_amounts")
    line.install(quantity, order.currency, amounts(split, "split", order.currency))
    for core in with_core_charges([line], order.lines)[1:]:
        recharge(core, line, order.currency)
    order.hands = sorted({*order.hands, by})
