"""The three stages of quality (自检, 班组长检验, 终检, Rule W11): who may sign which, and what a failed one means."""

from collections.abc import Collection, Iterable, Sequence

from chassis import Invalid, Refused
from contracts.workshop.events import QualityChecked, QualityCheckRequested, WorkOrderReturned
from contracts.workshop.quality import TeamCheck
from contracts.workshop.readiness_events import WorkChecked
from services.workshop.order.line import Kind
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking, require_nobody_clocked_on
from services.workshop.shop_floor.inspection import Verdict


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
    order.quality_passed_by = order.team_checked_by = None
    order.announce(QualityCheckRequested(work_order_id=order.id))


def checks_own_work(order: WorkOrder, clockings: Iterable[Clocking], actor: str) -> bool:
    """Whether whoever sends the car on did its work: it is their self-check. Raises Refused if only others did.

    Who leads the order alone stands for who worked on it before: somebody may have gone.
    """
    worked = {one.technician for one in clockings}
    if actor in worked or (order.team_id is None and actor == order.technician):
        return True
    if worked:
        raise Refused("self_check_missing", names=", ".join(sorted(worked)))
    return False


def report_own_fault(order: WorkOrder, clockings: Iterable[Clocking], actor: str, findings: str, rework: Sequence[str]) -> None:
    """What somebody found of their own work is done again; nobody may be at it."""
    order.require(Transition.REPORT_OWN_FAULT)
    clockings = list(clockings)
    require_nobody_clocked_on(clockings)
    if actor not in {one.technician for one in clockings}:
        raise Refused("not_your_work")
    for line in map(order.line, rework):
        if line.done_at is None:
            raise Refused("line_not_done", line=line.number)
    _redo(order, rework)
    order.announce(WorkChecked(work_order_id=order.id, stage="self", passed=False, checked_by=actor, findings=findings))


def check_team_work(order: WorkOrder, hands: Collection[str], leader: str, verdict: Verdict) -> None:
    """By a foreman who did none of it, once. A failed check sends the order back."""
    order.require(Transition.PASS_QUALITY_CHECK)
    if order.team_checked_by is not None:
        raise Refused("team_check_passed", name=order.team_checked_by)
    _require_not_passed(order)
    _decide(order, hands, leader, verdict)
    order.team_checked_by = leader if verdict.passed else None
    order.announce(
        WorkChecked(
            work_order_id=order.id,
            stage="team_leader",
            passed=verdict.passed,
            checked_by=leader,
            findings=verdict.findings,
            rework_cause=verdict.cause,
        )
    )


def hands_on(order: WorkOrder, clockings: Iterable[Clocking], handed_out: Collection[str] = ()) -> set[str]:
    """Who did some of the work.

    Labour is whose who clocked on to it. Parts and sublet work are not clocked: they are whose who issued, signed for or recorded
    them, and of the technicians to whom the order was given once it was begun.
    """
    hands = {one.technician for one in clockings} | {*handed_out, *order.hands}
    if any(line.on_the_car and line.kind is not Kind.LABOUR for line in order.lines):
        hands.add(order.technician or "")
    return hands


def team_check_due(order: WorkOrder, needed: TeamCheck) -> bool:
    """Whether the team leader's check comes next."""
    wanted = needed == "always" or (needed == "of_teams" and order.team_id is not None)
    return wanted and order.status is Status.QUALITY_CHECK and order.team_checked_by is None and order.quality_passed_by is None


def require_team_check(order: WorkOrder, needed: TeamCheck) -> None:
    """No car passes its final inspection before the check that comes before it."""
    if team_check_due(order, needed):
        raise Refused("team_check_missing")


def check_quality(order: WorkOrder, hands: Collection[str], inspector: str, verdict: Verdict) -> None:
    """By someone who did none of the work, once. A failed inspection sends the order back."""
    order.require(Transition.PASS_QUALITY_CHECK)
    _require_not_passed(order)
    _decide(order, hands, inspector, verdict)
    order.quality_passed_by, order.quality_findings = inspector if verdict.passed else None, verdict.findings
    order.announce(
        QualityChecked(
            work_order_id=order.id,
            passed=verdict.passed,
            inspector=inspector,
            findings=verdict.findings,
            rework_cause=verdict.cause,
            new_damages=list(verdict.new_damages) or None,
        )
    )


def _require_not_passed(order: WorkOrder) -> None:
    """What is found after the final inspection has passed brings the car back to work, and everything is checked anew."""
    if order.quality_passed_by is not None:
        raise Refused("inspection_passed", name=order.quality_passed_by)


def _decide(order: WorkOrder, hands: Collection[str], checker: str, verdict: Verdict) -> None:
    transition = Transition.PASS_QUALITY_CHECK if verdict.passed else Transition.FAIL_QUALITY_CHECK
    order.require(transition)
    if checker in hands:
        raise Refused("inspector_did_the_work", inspector=checker)
    if verdict.passed and verdict.rework:
        raise Invalid.field("rework_line_ids", "nothing_to_redo")
    if not verdict.passed and verdict.findings is None:
        raise Invalid.field("findings", "needs_findings")
    if not verdict.passed and verdict.cause is None:
        raise Invalid.field("rework_cause", "needs_rework_cause")
    if not verdict.passed:
        require_rework(order, list(verdict.rework))
    _redo(order, list(verdict.rework))
    order.take(transition)
    if not verdict.passed:
        order.rework_count += 1
        order.team_checked_by = None


def require_rework(order: WorkOrder, line_ids: Sequence[str]) -> None:
    """What did not pass is done again: somebody must be able to clock on to it. An order without labour has nothing to name."""
    if not line_ids and any(line.approved and line.kind is Kind.LABOUR for line in order.lines):
        raise Invalid.field("rework_line_ids", "needs_line_to_redo")


def return_to_work(order: WorkOrder, reason: str, rework: Sequence[str]) -> None:
    """The car is worked on again, and whatever was found good before is inspected anew."""
    order.require(Transition.RETURN_TO_WORK)
    _redo(order, rework)
    order.take(Transition.RETURN_TO_WORK)
    order.team_checked_by = order.quality_passed_by = order.pre_delivery = order.test_drive = None
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
