"""Working on lines: clocking on and off, and what was installed.

Clocking locks the order, so that what it checks stays so, but changes it only when work begins and when a line is done.
"""

from datetime import datetime

from chassis import Invalid, Work
from contracts.workshop.shop_floor import ClockOff, ClockOffColleague, ClockOn, RecordInstalled
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor import clocking, installed_part
from services.workshop.shop_floor.occupancy import bay_of, free, occupy


def clock_on(work: Work, command: ClockOn) -> WorkOrder:
    """Clock the caller on. Raises Refused when they are on a line already, or another car stands in the bay."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    if order.status is not Status.IN_PROGRESS:
        work.change(order)
    work.add(clocking.clock_on(order, command.line_id, work.actor, work.now))
    occupy(work, "technician", work.actor, order)
    occupy(work, "bay", bay_of(order), order)
    return order


def clock_off(work: Work, command: ClockOff) -> WorkOrder:
    """Clock the caller off; the car stays in the bay."""
    return _clock_off(work, command, work.actor, work.now)


def clock_off_colleague(work: Work, command: ClockOffColleague) -> WorkOrder:
    """Clock a colleague off, who worked until now or until the time named. Raises Invalid for a time yet to come."""
    stopped_at = command.stopped_at or work.now
    if stopped_at > work.now:
        raise Invalid.field("stopped_at", "must_not_be_future")
    return _clock_off(work, command, command.technician, stopped_at, by=work.actor, reason=command.reason)


def _clock_off(
    work: Work,
    command: ClockOff | ClockOffColleague,
    technician: str,
    at: datetime,
    *,
    by: str | None = None,
    reason: str | None = None,
) -> WorkOrder:
    order = work.lock_root(WorkOrder, command.work_order_id)
    if command.done:
        work.change(order)
    clockings = clocking.clockings_of(work, order)
    work.change(clocking.clock_off(order, clockings, command.line_id, technician, at, done=command.done, by=by, reason=reason))
    free(work, "technician", technician, order)
    return order


def record_installed(work: Work, command: RecordInstalled) -> WorkOrder:
    """Record how much of a part was installed; never more than was approved."""
    order = work.edit(WorkOrder, command.work_order_id)
    installed_part.record_installed(order, command.line_id, command.quantity, work.actor, command.split or [])
    return order
