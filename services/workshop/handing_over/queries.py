"""Questions about settlements and deliveries."""

from sqlalchemy import select

from chassis import NotFound, Work, page
from contracts.workshop.core_charge import ListOpenCoreCharges, OpenCoreCharge, OpenCoreCharges
from contracts.workshop.handing_over import Deliveries, GetSettlement, ListDeliveries, Settlement
from services.workshop.handing_over.delivery import Delivery
from services.workshop.handing_over.moment import moment_of
from services.workshop.handing_over.obstacle import obstacles_to, shown
from services.workshop.handing_over.settlement import preview
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder


def get_settlement(work: Work, query: GetSettlement) -> Settlement:
    """The one that was signed, or what would be signed now."""
    order = work.get(WorkOrder, query.work_order_id)
    if query.revision is None and order.status not in (Status.DELIVERED, Status.CLOSED):
        moment = moment_of(work, order)
        obstacles = [shown(one) for one in obstacles_to(work, order, moment)]
        return preview(order, moment.tax_rate, moment.warranties, obstacles)
    revision = query.revision or order.revision
    delivery = work.find(Delivery, Delivery.identity(order.id, revision))
    if delivery is None:
        raise NotFound("not_found", kind="settlement", id=str(revision))
    return delivery.describe()


def list_deliveries(work: Work, query: ListDeliveries) -> Deliveries:
    """Those announced last come first."""
    found = select(Delivery)
    if query.since is not None:
        found = found.where(Delivery.announced_at >= query.since)
    rows, cursor = page(work, found, query, keys=[Delivery.announced_at, Delivery.id])
    return Deliveries(items=[row.summarise() for row in rows], next_cursor=cursor)


def list_open_core_charges(work: Work, query: ListOpenCoreCharges) -> OpenCoreCharges:
    """Those of orders that are delivered or closed: before that nothing is billed."""
    billed = select(WorkOrder.id).where(WorkOrder.status.in_((Status.DELIVERED, Status.CLOSED)))
    found = select(OrderLine).where(
        OrderLine.kind == Kind.CORE_CHARGE,
        OrderLine.state == State.APPROVED,
        OrderLine.installed_units.is_distinct_from(0),
        OrderLine.work_order_id.in_(billed),
    )
    lines, cursor = page(work, found, query, keys=[OrderLine.id])
    orders = {one.id: one for one in work.all(select(WorkOrder).where(WorkOrder.id.in_([line.work_order_id for line in lines])))}
    return OpenCoreCharges(items=[_open(line, orders[line.work_order_id]) for line in lines], next_cursor=cursor)


def _open(line: OrderLine, order: WorkOrder) -> OpenCoreCharge:
    assert line.core_of is not None
    assert line.part_number is not None
    assert line.installed is not None
    return OpenCoreCharge(
        work_order_id=order.id,
        line_id=line.core_of,
        line_number=line.number,
        number=order.number,
        plate=order.vehicle["plate"],
        customer_id=order.customer_id,
        customer_name=order.customer["name"],
        part_number=line.part_number,
        description=line.description,
        quantity=line.installed,
        amount=line.amount(order.currency),
        delivered_at=order.delivered_at,
    )
