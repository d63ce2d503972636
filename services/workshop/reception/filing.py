"""Files that crm corrects reach what is still open (Rules B14 and W4): who calls or drives reads them as they are.

Who opens an order holds the lane meanwhile: it has the corrected file, or is found here. What was signed stays as it was signed.
"""

from sqlalchemy import ColumnElement, or_, select

from chassis import Work
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from services.workshop.lane.escalating import LOCK
from services.workshop.leg.leg import LIVE, Leg
from services.workshop.leg.planning import know
from services.workshop.order.status import Status
from services.workshop.order.vehicle_history import correct_vin
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections import recording
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.vehicle import KnownVehicle
from services.workshop.reception.walk_around import WalkAround

FILED = (Status.CLOSED, Status.VOID)


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the customer's file; their orders, and who drives for them, go by it."""
    if not work.opens_file:
        work.advisory_lock(LOCK)
    recording.record_customer(work, event)
    if not work.opens_file:
        _correct(work, WorkOrder.customer_id == event.customer.customer_id)


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep the vehicle's file; its orders, and who drives it, go by it."""
    if not work.opens_file:
        work.advisory_lock(LOCK)
    recording.record_vehicle(work, event)
    if not work.opens_file:
        _correct(work, WorkOrder.vehicle_id == event.vehicle.vehicle_id)


def _correct(work: Work, which: ColumnElement[bool]) -> None:
    driven = WorkOrder.id.in_(select(Leg.work_order_id).where(Leg.state.in_(LIVE)))
    found = select(WorkOrder).where(which, or_(WorkOrder.status.not_in(FILED), driven)).order_by(WorkOrder.id)
    for order in work.all(found.with_for_update().execution_options(populate_existing=True)):
        ids = (KnownCustomer, order.customer_id), (KnownVehicle, order.vehicle_id)
        asked = (select(kind.facts).where(kind.id == one) for kind, one in ids)
        customer, vehicle = (work.first(facts) for facts in asked)
        if (customer or order.customer, vehicle or order.vehicle) != (order.customer, order.vehicle):
            work.change(order)
            was = order.vehicle["vin"]
            order.know(customer or order.customer, vehicle or order.vehicle)
            if order.delivered_at is not None and was != order.vehicle["vin"]:
                correct_vin(work, order, was)
            walk = work.lock(WalkAround, WalkAround.identity(order.id, order.walk_around_version))
            if walk is not None and walk.know(order.customer["name"], order.vehicle["plate"], order.vehicle["vin"]):
                work.change(walk)
        know(work, Leg.work_order_id == order.id, order.customer, order.vehicle["plate"])
