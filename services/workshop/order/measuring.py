"""Measuring a traction battery's state of health (Rule W33)."""

from chassis import Work
from contracts.workshop.battery import BATTERY_UNIT, READ_OUT, MeasureBattery
from services.workshop.equipment.blocking import Measured, with_gauges
from services.workshop.order.battery import BatteryCheck, keep_point, last_of
from services.workshop.order.job import require_job
from services.workshop.order.mileage import refuse_doubtful_of
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings


def measure(work: Work, command: MeasureBattery) -> BatteryCheck:
    """Write a measurement down. Below the dealer's limit the job's coverage becomes a question, once for each measurement."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.RECORD_JOB)
    require_job(order.jobs, command.job, field="job")
    limit = work.settings(WorkshopSettings).battery_check_below
    [gauge] = with_gauges(work, [Measured("gauge", BATTERY_UNIT, command.gauge, command.battery_method != READ_OUT)])
    refuse_doubtful_of(work, order.vehicle_facts, command.mileage, command.mileage_reason)
    before = last_of(work, order.vehicle["vin"], command.pack_serial)
    measured = BatteryCheck.of(order, command, gauge=gauge, before=before, limit=limit, by=work.actor, at=work.now)
    if measured.coverage_job is not None:
        order.record_job(command.job, complaint=None, coverage="undetermined")
        work.change(order)
    work.add(measured)
    keep_point(work, order, measured)
    return measured
