"""Dispatching orders, holding and resuming them."""

from chassis import Invalid, Work
from contracts.shared import BAY
from contracts.workshop.shop_floor import AssignLine, DispatchWorkOrder, HoldWorkOrder, ResumeWorkOrder
from services.workshop.equipment.blocking import require_bay
from services.workshop.order.occupancy import bay_of, free
from services.workshop.order.promised import look_again
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.shop_floor import dispatch
from services.workshop.shop_floor.clocking import clockings_of
from services.workshop.shop_floor.qualification import require_certified, require_certified_team
from services.workshop.team.rostering import require_technician
from services.workshop.team.team import Team


def dispatch_work_order(work: Work, command: DispatchWorkOrder) -> WorkOrder:
    """Dispatch the order to a technician or a team, and a bay of the dealer; the bay may still be busy with the car before.

    The bay that begun work leaves is free; the other one it takes when somebody clocks on.
    Raises Refused naming the overdue lift that blocks the bay, or who lacks a certificate that a line still to be done needs,
    but for lines that were given to others. Of a team somebody must hold those of each line.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    team, technician = _whose(work, command)
    before = order.bay
    bay = work.settings(WorkshopSettings).bay_called(command.bay)
    require_bay(work, bay)
    dispatch.dispatch(order, clockings_of(work, order), technician, bay, work.now, team=team)
    theirs = [line for line in order.lines if line.unfinished and line.technician in (None, technician)]
    if team is None:
        require_certified(work, technician, theirs)
    else:
        require_certified_team(work, team, theirs)
    if before is not None and order.status is not Status.IN_PROGRESS:
        free(work, "bay", BAY.key(before), order)
    return order


def assign_line(work: Work, command: AssignLine) -> WorkOrder:
    """Give a line to a technician of its own, or back to who leads the order. They hold the certificates that it needs."""
    order = work.edit(WorkOrder, command.work_order_id)
    if command.technician is not None:
        require_technician(work, "technician", command.technician)
    line = dispatch.assign_line(order, clockings_of(work, order), command.line_id, command.technician)
    technician = command.technician or (order.technician if order.team_id is None else None)
    if technician is not None:
        require_certified(work, technician, [line])
    return order


def hold(work: Work, command: HoldWorkOrder) -> WorkOrder:
    """Put the order on hold; its bay is free for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    dispatch.hold(order, clockings_of(work, order), command.reason, at=work.now)
    look_again(work, order)
    free(work, "bay", bay_of(order), order)
    return order


def resume(work: Work, command: ResumeWorkOrder) -> WorkOrder:
    """Take the order off hold; it is in progress again when someone clocks on."""
    order = work.edit(WorkOrder, command.work_order_id)
    dispatch.resume(order)
    look_again(work, order)
    return order


def _whose(work: Work, command: DispatchWorkOrder) -> tuple[Team | None, str]:
    if (command.technician is None) == (command.team_id is None):
        raise Invalid.field("technician", "technician_or_team")
    if command.team_id is None:
        assert command.technician is not None
        require_technician(work, "technician", command.technician)
        return None, command.technician
    team = work.get(Team, command.team_id)
    team.require_working()
    return team, team.leader
