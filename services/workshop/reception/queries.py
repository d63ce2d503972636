"""The walk-around, and who has a car's keys and papers, as they are asked for (Rules W2 and W24)."""

from chassis import NotFound, Work, colleagues
from contracts.shared import Colleague
from contracts.workshop.custody import Custody, GetCustody
from contracts.workshop.walk_around import GetReception, GetWalkAround, Reception
from services.workshop.evidence.queries import newest_of
from services.workshop.leg.pictures import newest_at_the_door
from services.workshop.order.acceptance import describe_acceptance
from services.workshop.order.custody import HANDS, describe, log_of
from services.workshop.order.mileage import last_mileage
from services.workshop.order.work_order import WorkOrder
from services.workshop.reception.walk_around import WalkAround


def get_walk_around(work: Work, query: GetWalkAround) -> WalkAround:
    """Raises NotFound, also when there is none yet."""
    order = work.get(WorkOrder, query.work_order_id)
    wanted = query.walk_around_version or order.walk_around_version
    found = work.find(WalkAround, WalkAround.identity(order.id, wanted))
    if found is None:
        raise NotFound("not_found", kind="walk_around", id=query.work_order_id)
    return found


def get_reception(work: Work, query: GetReception) -> Reception:
    """All of it in one answer, for the screen at the car."""
    order = work.get(WorkOrder, query.work_order_id)
    found = work.find(WalkAround, WalkAround.identity(order.id, order.walk_around_version))
    kept = describe(order, log_of(work, order))
    return Reception(
        work_order_id=order.id,
        version=order.version,
        order_number=order.number,
        status=order.status.value,
        customer=order.customer_facts,
        vehicle=order.vehicle_facts,
        complaint=order.complaint,
        last_mileage=last_mileage(work, order.vehicle_facts),
        walk_around=None if found is None else found.describe(),
        photos=newest_of(work, order.id, "walk_around"),
        door_photos=newest_at_the_door(work, order.id),
        acceptance=describe_acceptance(order.acceptance),
        held=kept.held,
        hand_overs=kept.hand_overs,
        colleagues=[Colleague(login=login, name=name) for login, name in sorted(colleagues(work, role=HANDS).items())],
    )


def get_custody(work: Work, query: GetCustody) -> Custody:
    """The whole record of one order."""
    order = work.get(WorkOrder, query.work_order_id)
    return describe(order, log_of(work, order))
