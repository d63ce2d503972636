"""The pre-delivery check (交车前检查, Rule W13): the car is looked at once more before its customer is told."""

from collections.abc import Mapping

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.workshop.handing_over import CheckBeforeDelivery
from contracts.workshop.readiness_events import PreDeliveryChecked
from services.workshop.equipment.tool_loan import ToolLoan
from services.workshop.order.pre_delivery import checked
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def check(work: Work, command: CheckBeforeDelivery) -> WorkOrder:
    """Record the check of a car that is ready: that its lines are done and signed off is what that means.

    Raises Invalid naming each item that is not so; Refused naming a tool that was lent for the order and is not back.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.CHECK_BEFORE_DELIVERY)
    _require_all(
        {
            "old_parts_present": command.old_parts_present,
            "clean": command.clean,
            "no_tools_left": command.no_tools_left,
            "spare_tyre_and_tools_checked": command.spare_tyre_and_tools_checked,
        }
    )
    out = work.first(select(ToolLoan).where(ToolLoan.work_order_id == order.id, ToolLoan.returned_at.is_(None)))
    if out is not None:
        raise Refused("tool_left", field="no_tools_left", code=out.document.code, tool=out.document.name, name=out.borrower)
    order.pre_delivery = checked(work.actor, work.now, command.note)
    order.announce(PreDeliveryChecked(work_order_id=order.id, checked_by=work.actor, checked_at=work.now, note=command.note))
    return order


def _require_all(items: Mapping[str, bool]) -> None:
    unchecked = [item for item, so in items.items() if not so]
    if unchecked:
        raise Invalid.fields({item: ["must_be_checked"] for item in unchecked})
