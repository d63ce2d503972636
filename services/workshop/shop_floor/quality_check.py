"""The final inspection (质检, Rule W11)."""

from collections.abc import Collection, Iterable, Sequence

from chassis import Invalid, Refused
from contracts.workshop.events import QualityChecked, QualityCheckRequested, WorkOrderReturned
from services.workshop.order.line import Kind
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking, require_nobody_clocked_on


def request_quality_check(order: WorkOrder, clockings: Iterable[Clocking]) -> None:
    """All approved labour is done, nothing is undecided: the car may be inspected."""
    order.require(Transition.REQUEST_QUALITY_CHECK)
    require_nobody_clocked_on(clockings)
    for line in order.lines:
        if line.undecided:
            raise Refused("line_undecided", line=line.number)
        if line.unfinished:
            raise Refused("line_not_done", line=line.number)
    order.take(Transition.REQUEST_QUALITY_CHECK)
    order.quality_passed_by = None
    order.announce(QualityCheckRequested(work_order_id=order.id))


def check_quality(
    order: WorkOrder,
    clockings: Iterable[Clocking],
    inspector: str,
    *,
    passed: bool,
    findings: str | None,
    rework: Sequence[str],
    handed_out: Collection[str] = (),
) -> None:
    """By someone who did none of the work. A failed inspection sends the order back.

    Labour is whose who clocked on to it. Parts and sublet work are not clocked: they are whose who issued, signed for or recorded
    them, and of the technicians to whom the order was given once it was begun.
    """
    transition = Transition.PASS_QUALITY_CHECK if passed else Transition.FAIL_QUALITY_CHECK
    order.require(transition)
    hands = {one.technician for one in clockings} | {*handed_out, *order.hands}
    if any(line.on_the_car and line.kind is not Kind.LABOUR for line in order.lines):
        hands.add(order.technician or "")
    if inspector in hands:
        raise Refused("inspector_did_the_work", inspector=inspector)
    if passed and rework:
        raise Invalid.field("rework_line_ids", "nothing_to_redo")
    if not passed and findings is None:
        raise Invalid.field("findings", "needs_findings")
    _redo(order, rework)
    order.take(transition)
    order.rework_count += not passed
    order.quality_passed_by, order.quality_findings = inspector if passed else None, findings
    order.announce(QualityChecked(work_order_id=order.id, passed=passed, inspector=inspector, findings=findings))


def return_to_work(order: WorkOrder, reason: str, rework: Sequence[str]) -> None:
    """The car is worked on again, and whatever was found good before is inspected anew."""
    order.require(Transition.RETURN_TO_WORK)
    _redo(order, rework)
    order.take(Transition.RETURN_TO_WORK)
    order.quality_passed_by = order.pre_delivery = order.test_drive = None
    order.announce(WorkOrderReturned(work_order_id=order.id, reason=reason, lines=list(rework)))


def _redo(order: WorkOrder, line_ids: Sequence[str]) -> None:
    """Labour is done again; a part or sublet work is nothing that somebody could finish."""
    for place, line_id in enumerate(line_ids):
        line = order.line(line_id)
        if line_id in line_ids[:place]:
            raise Invalid.field(f"rework_line_ids.{place}", "named_twice")
        if line.kind is not Kind.LABOUR:
            raise Refused("not_a_labour_line", line=line.number)
        line.require_approved()
        line.done_at = None
