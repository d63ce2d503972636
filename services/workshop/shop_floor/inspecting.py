"""Sending cars to the final inspection, and recording what it found."""

from chassis import Work
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from services.workshop.order.occupancy import bay_of, free
from services.workshop.order.wash import require_washed
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.slip import who_handed_out
from services.workshop.shop_floor import quality_check
from services.workshop.shop_floor.clocking import clockings_of
from services.workshop.shop_floor.inspection import record_inspection
from services.workshop.shop_floor.qualification import require_certified


def request_quality_check(work: Work, command: RequestQualityCheck) -> WorkOrder:
    """Ask for the final inspection; the bay is free for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    quality_check.request_quality_check(order, clockings_of(work, order))
    free(work, "bay", bay_of(order), order)
    return order


def check_quality(work: Work, command: CheckQuality) -> WorkOrder:
    """Record the final inspection; the caller is the inspector, certified for what they sign, and signs it with their account."""
    order = work.edit(WorkOrder, command.work_order_id)
    if command.passed:
        require_washed(work, order, "before_check")
    inspected = [line for line in order.lines if line.on_the_car]
    quality_check.check_quality(
        order,
        clockings_of(work, order),
        work.actor,
        passed=command.passed,
        findings=command.findings,
        rework=command.rework_line_ids or [],
        handed_out=who_handed_out(work, order.id),
    )
    require_certified(work, work.actor, inspected, to="inspection")
    record_inspection(work, order, passed=command.passed, findings=command.findings, rework=command.rework_line_ids or [])
    return order


def return_to_work(work: Work, command: ReturnToWork) -> WorkOrder:
    """Take the car back to work; it has its bay again when someone clocks on."""
    order = work.edit(WorkOrder, command.work_order_id)
    quality_check.return_to_work(order, command.reason, command.rework_line_ids or [])
    return order
