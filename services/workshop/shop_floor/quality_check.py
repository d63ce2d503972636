"""The final inspection (质检, Rule W11)."""

from collections.abc import Iterable, Sequence

from chassis import Invalid, Refused
from contracts.workshop.events import QualityChecked
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


def check_quality(
    order: WorkOrder,
    clockings: Iterable[Clocking],
    inspector: str,
    *,
    passed: bool,
    findings: str | None,
    rework: Sequence[str],
) -> None:
    """By someone who did none of the work. A failed inspection sends the order back."""
    transition = Transition.PASS_QUALITY_CHECK if passed else Transition.FAIL_QUALITY_CHECK
    order.require(transition)
    if any(one.technician == inspector for one in clockings):
        raise Refused("inspector_did_the_work", inspector=inspector)
    if passed and rework:
        raise Invalid.field("rework_line_ids", "nothing_to_redo")
    if not passed and findings is None:
        raise Invalid.field("findings", "needs_findings")
    for line_id in rework:
        line = order.line(line_id)
        line.require_approved()
        line.done_at = None
    order.take(transition)
    order.rework_count += not passed
    order.quality_passed_by, order.quality_findings = inspector if passed else None, findings
    order.announce(QualityChecked(work_order_id=order.id, passed=passed, inspector=inspector, findings=findings))
