"""workshop's windows: SQL in, plain answers out."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from chassis import Hours, NotFound, Work, page
from contracts.workshop import agreement, pricing
from contracts.workshop import order as order_contract
from contracts.workshop.agreement import GetEstimate, ListAuthorisations
from contracts.workshop.handing_over import Deliveries, GetSettlement, ListDeliveries, Settlement
from contracts.workshop.order import GetWorkOrder, ListWorkOrders
from contracts.workshop.pricing import GetWorkshopSettings, ListOperations
from contracts.workshop.shop_floor import BayLoad, ShopLoad, TechnicianLoad, WorkshopLoad
from services.workshop.domain.catalogue import Operation
from services.workshop.domain.deliveries import Delivery
from services.workshop.domain.estimates import Authorisation, Estimate
from services.workshop.domain.lines import Kind, OrderLine, State
from services.workshop.domain.occupancy import Occupancy
from services.workshop.domain.orders import WorkOrder
from services.workshop.domain.settings import WorkshopSettings
from services.workshop.domain.settlement import preview
from services.workshop.domain.status import Status

ON_THE_FLOOR = (Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)

# One statement instead of two. Not to edit: after a wait for the lock the order would be new and its joined lines old.
_WITH_LINES = (joinedload(WorkOrder.lines),)


def get_work_order(work: Work, query: GetWorkOrder) -> order_contract.WorkOrder:
    """The order with its lines and jobs."""
    return work.get(WorkOrder, query.work_order_id, options=_WITH_LINES).describe()


def list_work_orders(work: Work, query: ListWorkOrders) -> order_contract.WorkOrders:
    """Orders by status, plate and promised time."""
    found = select(WorkOrder)
    if query.status is not None:
        found = found.where(WorkOrder.status == Status(query.status))
    if query.plate is not None:
        found = found.where(WorkOrder.plate == query.plate)
    if query.promised_before is not None:
        found = found.where(WorkOrder.promised_at < query.promised_before)
    rows, cursor = page(
        work,
        found,
        keys=[WorkOrder.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["work_orders", query.status, query.plate, query.promised_before],
    )
    return order_contract.WorkOrders(items=[row.summarise() for row in rows], next_cursor=cursor)


def get_estimate(work: Work, query: GetEstimate) -> agreement.Estimate:
    """One version as it was put before the customer."""
    version = query.estimate_version or work.get(WorkOrder, query.work_order_id).estimate_version
    found = work.find(Estimate, Estimate.identity(query.work_order_id, version))
    if found is None:
        raise NotFound("not_found", kind="estimate", id=str(version))
    return found.content


def list_authorisations(work: Work, query: ListAuthorisations) -> agreement.Authorisations:
    """The whole ledger of one order."""
    work.get(WorkOrder, query.work_order_id)
    rows = work.all(select(Authorisation).where(Authorisation.work_order_id == query.work_order_id).order_by(Authorisation.id))
    return agreement.Authorisations(items=[row.describe() for row in rows])


def get_settlement(work: Work, query: GetSettlement) -> Settlement:
    """The signed settlement of a delivery, or what would be signed now."""
    order = work.get(WorkOrder, query.work_order_id)
    if query.revision is None and order.status not in (Status.DELIVERED, Status.CLOSED):
        return preview(order)
    revision = query.revision or order.revision
    delivery = work.find(Delivery, Delivery.identity(order.id, revision))
    if delivery is None:
        raise NotFound("not_found", kind="settlement", id=str(revision))
    return delivery.describe()


def list_deliveries(work: Work, query: ListDeliveries) -> Deliveries:
    """Deliveries made or reversed since a time, those announced last first."""
    found = select(Delivery)
    if query.since is not None:
        found = found.where(Delivery.announced_at >= query.since)
    rows, cursor = page(
        work,
        found,
        keys=[Delivery.announced_at, Delivery.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["deliveries", query.since],
    )
    return Deliveries(items=[row.summarise() for row in rows], next_cursor=cursor)


def workshop_load(work: Work, query: WorkshopLoad) -> ShopLoad:
    """What lies on whom and where: few orders are on the floor at once, so they are counted here."""
    hours_left = (
        select(func.coalesce(func.sum(OrderLine.hours_units), 0))
        .where(
            OrderLine.dealer_id == WorkOrder.dealer_id,
            OrderLine.work_order_id == WorkOrder.id,
            OrderLine.kind == Kind.LABOUR,
            OrderLine.state == State.APPROVED,
            OrderLine.done_at.is_(None),
        )
        .scalar_subquery()
    )
    orders = work.session.execute(
        select(WorkOrder.technician, WorkOrder.bay, hours_left).where(WorkOrder.status.in_(ON_THE_FLOOR))
    ).all()
    taken = {(row.resource, row.name): row.work_order_id for row in work.all(select(Occupancy))}
    technicians = _per_name((technician, hours) for technician, _, hours in orders)
    bays = _per_name((bay, hours) for _, bay, hours in orders)
    # Whoever helps out on another's order has a load of their own only by being clocked on.
    for resource, name in taken:
        (technicians if resource == "technician" else bays).setdefault(name, [])
    return ShopLoad(
        technicians=[
            TechnicianLoad(
                technician=name,
                orders=len(hours),
                hours_left=Hours(sum(hours)),
                working_on=taken.get(("technician", name)),
            )
            for name, hours in sorted(technicians.items())
        ],
        bays=[
            BayLoad(bay=name, orders=len(hours), hours_left=Hours(sum(hours)), occupied_by=taken.get(("bay", name)))
            for name, hours in sorted(bays.items())
        ],
    )


def get_workshop_settings(work: Work, query: GetWorkshopSettings) -> pricing.WorkshopSettings:
    """The dealer's settings."""
    return work.get(WorkshopSettings, WorkshopSettings.identity(work.dealer)).describe()


def list_operations(work: Work, query: ListOperations) -> pricing.Operations:
    """The group's operations by code."""
    found = select(Operation)
    if query.code_prefix is not None:
        found = found.where(Operation.code.startswith(query.code_prefix, autoescape=True))
    rows, cursor = page(
        work, found, keys=[Operation.code], cursor=query.cursor, limit=query.limit, filters=["operations", query.code_prefix]
    )
    return pricing.Operations(items=[row.describe() for row in rows], next_cursor=cursor)


def _per_name(loads: Iterable[tuple[str | None, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, hours in loads:
        if name is not None:
            found[name].append(int(hours))
    return found
