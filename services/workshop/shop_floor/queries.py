"""The load of the shop, and the orders in it that wait for parts."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select

from chassis import Hours, Work, page
from contracts.workshop.shop_floor import BayLoad, ShopLoad, TechnicianLoad, WorkshopLoad
from contracts.workshop.waiting import ListWaitingOrders, WaitingOrder, WaitingOrders
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.order_parts import OrderParts
from services.workshop.shop_floor.occupancy import Occupancy

ON_THE_FLOOR = (Status.DISPATCHED, Status.IN_PROGRESS, Status.ON_HOLD)


def workshop_load(work: Work, query: WorkshopLoad) -> ShopLoad:
    """Few orders are on the floor at once, so they are counted here."""
    hours_left = (
        select(func.coalesce(func.sum(OrderLine.hours_units), 0))
        .where(
            OrderLine.dealer_id == WorkOrder.dealer_id,
            OrderLine.work_order_id == WorkOrder.id,
            OrderLine.kind == Kind.LABOUR,
            OrderLine.state == State.APPROVED,
            OrderLine.done_at.is_(None),
        )
        .label("hours_left")
    )
    orders = work.execute(select(WorkOrder.technician, WorkOrder.bay, hours_left).where(WorkOrder.status.in_(ON_THE_FLOOR)))
    taken = {(row.resource, row.name): row.work_order_id for row in work.all(select(Occupancy))}
    technicians = _per_name((row.technician, row.hours_left) for row in orders)
    bays = _per_name((row.bay, row.hours_left) for row in orders)
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


def list_waiting_orders(work: Work, query: ListWaitingOrders) -> WaitingOrders:
    """An order stays on hold until somebody resumes it: its parts are a reason to, not a decision."""
    found = select(WorkOrder).where(WorkOrder.status == Status.ON_HOLD, WorkOrder.hold_reason == "parts")
    if query.parts_here is not None:
        here = select(OrderParts.id).where(OrderParts.complete)
        found = found.where(WorkOrder.id.in_(here) if query.parts_here else WorkOrder.id.not_in(here))
    orders, cursor = page(work, found, query, keys=[WorkOrder.id])
    known = {one.id: one for one in work.all(select(OrderParts).where(OrderParts.id.in_([order.id for order in orders])))}
    return WaitingOrders(items=[_waiting(order, known.get(order.id)) for order in orders], next_cursor=cursor)


def _waiting(order: WorkOrder, parts: OrderParts | None) -> WaitingOrder:
    return WaitingOrder(
        work_order_id=order.id,
        number=order.number,
        plate=order.vehicle["plate"],
        customer_name=order.customer["name"],
        advisor=order.advisor,
        technician=order.technician,
        promised_at=order.promised_at,
        parts_here=parts is not None and parts.complete,
        since=parts.since if parts is not None else None,
        short=parts.short if parts is not None else [],
    )


def _per_name(loads: Iterable[tuple[str | None, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, hours in loads:
        if name is not None:
            found[name].append(int(hours))
    return found
