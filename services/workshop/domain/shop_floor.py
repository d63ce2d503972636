"""The workshop's own steps: dispatch, clocking, waiting, inspection (Rules W9, W11). A bay is taken while work is in progress."""

from chassis import Work
from contracts.workshop.shop_floor import (
    CheckQuality,
    ClockOff,
    ClockOn,
    DispatchWorkOrder,
    HoldWorkOrder,
    RecordInstalled,
    RequestQualityCheck,
    ResumeWorkOrder,
)
from services.workshop.domain.occupancy import free, occupy
from services.workshop.domain.orders import WorkOrder


def dispatch(work: Work, command: DispatchWorkOrder) -> WorkOrder:
    """Give the order to a technician and a bay; the bay may still be busy with the car before."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.dispatch(command.technician, command.bay)
    return order


def clock_on(work: Work, command: ClockOn) -> WorkOrder:
    """The caller starts on a line. Raises Refused when they are on a line already, or another car stands in the bay."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.clock_on(command.line_id, work.actor, work.now)
    occupy(work, "technician", work.actor, order)
    occupy(work, "bay", _bay(order), order)
    return order


def clock_off(work: Work, command: ClockOff) -> WorkOrder:
    """The caller stops; the car stays in the bay."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.clock_off(command.line_id, work.actor, work.now, done=command.done)
    free(work, "technician", work.actor, order)
    return order


def record_installed(work: Work, command: RecordInstalled) -> WorkOrder:
    """Less of a part was installed than approved."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.record_installed(command.line_id, command.quantity)
    return order


def hold(work: Work, command: HoldWorkOrder) -> WorkOrder:
    """Work waits, and the bay is for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.hold(command.reason)
    free(work, "bay", _bay(order), order)
    return order


def resume(work: Work, command: ResumeWorkOrder) -> WorkOrder:
    """Work can go on as soon as someone clocks on."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.resume()
    return order


def request_quality_check(work: Work, command: RequestQualityCheck) -> WorkOrder:
    """The work is done; the bay is for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.request_quality_check()
    free(work, "bay", _bay(order), order)
    return order


def check_quality(work: Work, command: CheckQuality) -> WorkOrder:
    """The caller inspected the car."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.check_quality(work.actor, passed=command.passed, findings=command.findings, rework=command.rework_line_ids or [])
    return order


def _bay(order: WorkOrder) -> str:
    assert order.bay is not None, "only a dispatched order is worked on"
    return order.bay
