"""Working on lines: clocking on and off, and what was installed.

Clocking locks the order, so that what it checks stays so, but changes it only when work begins and when a line is done.
"""

from datetime import datetime

from chassis import Invalid, Work
from contracts.workshop.shop_floor import ClockOff, ClockOffColleague, ClockOn, RecordInstalled
from services.workshop.equipment.blocking import require_bay
from services.workshop.order.moment import require_since, when_it_happened
from services.workshop.order.occupancy import bay_of, free, occupy
from services.workshop.order.progress_report import fall_due
from services.workshop.order.promised import look_again
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor import clocking, installed_part
from services.workshop.shop_floor.ending import require_nothing_between, unwatch, watch
from services.workshop.shop_floor.isolated import require_isolated, require_off_before_energised
from services.workshop.shop_floor.qualification import require_certified


def clock_on(work: Work, command: ClockOn) -> WorkOrder:
    """Clock the caller on. Raises Refused when they are on a line already, another car stands in the bay, or its lift is overdue.

    So it does when they lack a certificate that the line needs, and on a high-voltage line of a car that is not isolated. What a
    tablet tells afterwards is held against what was so then: dispatch, approval, certificate, isolation, the caller's other work.
    """
    order = work.lock_root(WorkOrder, command.work_order_id)
    if order.status is not Status.IN_PROGRESS:
        work.change(order)
        if order.bay is not None:
            require_bay(work, order.bay)
    if not any(line.begun_at is not None for line in order.lines):
        fall_due(work, order, "started")
    at = when_it_happened(work, "occurred_at", command.occurred_at)
    begun = clocking.clock_on(order, command.line_id, work.actor, at)
    require_isolated(work, order, order.line(command.line_id), at if command.occurred_at is not None else None)
    work.add(begun)
    watch(work, begun)
    require_certified(work, work.actor, [order.line(command.line_id)], at=at)
    occupy(work, "technician", work.actor, order)
    occupy(work, "bay", bay_of(order), order)
    if command.occurred_at is not None:
        dispatched_at, approved_at = order.dispatched_at, order.line(command.line_id).approved_at
        require_since(work, "occurred_at", at, since=max(dispatched_at or order.opened_at, approved_at or order.opened_at))
        clocking.require_nothing_else_done(work, work.actor, at)
    return order


def clock_off(work: Work, command: ClockOff) -> WorkOrder:
    """Clock the caller off; the car stays in the bay."""
    at = when_it_happened(work, "occurred_at", command.occurred_at)
    return _clock_off(work, command, work.actor, at, told=command.occurred_at is not None)


def clock_off_colleague(work: Work, command: ClockOffColleague) -> WorkOrder:
    """Clock a colleague off, who worked until now or until the time named. Raises Invalid for a time yet to come."""
    stopped_at = command.stopped_at or work.now
    if stopped_at > work.now:
        raise Invalid.field("stopped_at", "must_not_be_future")
    return _clock_off(work, command, command.technician, stopped_at, field="stopped_at", by=work.actor, reason=command.reason)


def _clock_off(
    work: Work,
    command: ClockOff | ClockOffColleague,
    technician: str,
    at: datetime,
    *,
    field: str = "occurred_at",
    by: str | None = None,
    reason: str | None = None,
    told: bool = False,
) -> WorkOrder:
    order = work.lock_root(WorkOrder, command.work_order_id)
    if command.done:
        work.change(order)
    clockings = clocking.clockings_of(work, order)
    stopped = clocking.clock_off(
        order, clockings, command.line_id, technician, at, done=command.done, field=field, by=by, reason=reason, told=told
    )
    work.change(stopped)
    if told:
        require_nothing_between(work, stopped, field)
    require_off_before_energised(work, order, stopped, field)
    unwatch(work, stopped)
    if command.done:
        require_isolated(work, order, order.line(command.line_id), at if told or by is not None else None)
    else:
        look_again(work, order)
    if not any(one.open and one.technician == technician for one in clockings):
        free(work, "technician", technician, order)
    return order


def record_installed(work: Work, command: RecordInstalled) -> WorkOrder:
    """Record how much of a part was installed; never more than was approved."""
    order = work.edit(WorkOrder, command.work_order_id)
    installed_part.record_installed(order, command.line_id, command.quantity, work.actor, command.split or [])
    return order
