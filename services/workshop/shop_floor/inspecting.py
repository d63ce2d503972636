"""Sending cars to the checks, and recording what each stage found (Rule W11)."""

from collections.abc import Iterable

from chassis import Work
from contracts.workshop.damage import refuse_twice
from contracts.workshop.quality import CheckTeamWork, ReportOwnFault
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from services.workshop.multi_point.multi_point_inspection import require_safety_quoted
from services.workshop.multi_point.template import final_templates
from services.workshop.order.comeback import classes_of
from services.workshop.order.occupancy import bay_of, free
from services.workshop.order.promised import look_again
from services.workshop.order.wash import require_washed
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections.person import with_other_accounts
from services.workshop.projections.slip import who_handed_out
from services.workshop.shop_floor import quality_check
from services.workshop.shop_floor.clocking import Clocking, clockings_of
from services.workshop.shop_floor.damage import compare
from services.workshop.shop_floor.final_inspection import asks_for_fuel, fuel_of, sheets_of
from services.workshop.shop_floor.inspection import Verdict, known_fuel, record_inspection
from services.workshop.shop_floor.isolated import require_energised
from services.workshop.shop_floor.qualification import require_certified
from services.workshop.shop_floor.returning import bring_back
from services.workshop.shop_floor.road_testing import require_driven


def request_quality_check(work: Work, command: RequestQualityCheck) -> WorkOrder:
    """Ask for the checks; the bay is free for others. Of whoever did the work it is the signed self-check.

    They are certified for what they sign, as for doing it (Rule W20).
    """
    order = work.edit(WorkOrder, command.work_order_id)
    clockings = clockings_of(work, order)
    require_safety_quoted(work, order)
    quality_check.request_quality_check(order, clockings)
    if work.settings(WorkshopSettings).self_check and quality_check.checks_own_work(order, clockings, work.actor):
        own = {one.line_id for one in clockings if one.technician == work.actor}
        require_certified(work, work.actor, [line for line in order.lines if line.on_the_car and (line.id in own or not own)])
        record_inspection(work, order, Verdict(passed=True, stage="self"), _hands(clockings))
    free(work, "bay", bay_of(order), order)
    return order


def report_own_fault(work: Work, command: ReportOwnFault) -> WorkOrder:
    """A self-check that did not pass: the lines named are open again. Raises Refused for whoever did none of the work."""
    order = work.edit(WorkOrder, command.work_order_id)
    clockings = clockings_of(work, order)
    quality_check.report_own_fault(order, clockings, work.actor, command.findings, command.rework_line_ids)
    failed = Verdict(
        passed=False, stage="self", findings=command.findings, cause=command.rework_cause, rework=command.rework_line_ids
    )
    look_again(work, order)
    record_inspection(work, order, failed, _hands(clockings))
    return order


def check_team_work(work: Work, command: CheckTeamWork) -> WorkOrder:
    """Record the team leader's check; whoever worked on the car does not check it, nor another account of theirs.

    Who checks work is certified for doing it (Rule W20).
    """
    order = work.edit(WorkOrder, command.work_order_id)
    clockings = clockings_of(work, order)
    verdict = Verdict(
        passed=command.passed,
        stage="team_leader",
        findings=command.findings,
        cause=command.rework_cause,
        rework=command.rework_line_ids or [],
    )
    worked = {one.technician for one in clockings}
    quality_check.check_team_work(order, with_other_accounts(work, worked), work.actor, verdict)
    require_certified(work, work.actor, [line for line in order.lines if line.on_the_car])
    if not command.passed:
        look_again(work, order)
    record_inspection(work, order, verdict, _hands(clockings))
    return order


def check_quality(work: Work, command: CheckQuality) -> WorkOrder:
    """Record the final inspection; the caller is the inspector, certified for what they sign, and signs it with their account."""
    refuse_twice("new_damages", command.new_damages)
    order = work.edit(WorkOrder, command.work_order_id)
    if command.passed:
        require_washed(work, order, "before_check")
        quality_check.require_team_check(order, work.settings(WorkshopSettings).team_check)
        require_energised(work, order)
        require_safety_quoted(work, order)
    inspected = [line for line in order.lines if line.on_the_car]
    templates = final_templates(work, classes_of(inspected))
    fuel = fuel_of(templates, command.fuel, known_fuel(work, order) if asks_for_fuel(templates) else None, passed=command.passed)
    clockings = clockings_of(work, order)
    if command.passed:
        require_driven(work, order, clockings)
    verdict = Verdict(
        passed=command.passed,
        findings=command.findings,
        cause=command.rework_cause,
        rework=command.rework_line_ids or [],
        as_before=command.as_before,
        new_damages=command.new_damages,
        fuel=fuel,
        sheets=sheets_of(work, templates, command.results, fuel, passed=command.passed),
    )
    hands = quality_check.hands_on(order, clockings, who_handed_out(work, order.id))
    quality_check.check_quality(order, with_other_accounts(work, hands), work.actor, verdict)
    require_certified(work, work.actor, inspected, to="inspection")
    if not command.passed:
        look_again(work, order)
    record_inspection(work, order, verdict, _hands(clockings))
    compare(order, verdict, at=work.now)
    return order


def return_to_work(work: Work, command: ReturnToWork) -> WorkOrder:
    """Take the car back to work; it has its bay again when someone clocks on."""
    order = work.edit(WorkOrder, command.work_order_id)
    bring_back(work, order, "back_to_work", command.reason, command.rework_line_ids or [])
    return order


def _hands(clockings: Iterable[Clocking]) -> set[tuple[str, str]]:
    return {(one.line_id, one.technician) for one in clockings}
