"""Questions about settlements and deliveries."""

from sqlalchemy import select

from chassis import NotFound, Work, page
from contracts.workshop.handing_over import Deliveries, GetSettlement, ListDeliveries, Settlement
from services.workshop.handing_over.delivery import Delivery
from services.workshop.handing_over.moment import moment_of
from services.workshop.handing_over.settlement import preview
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder


def get_settlement(work: Work, query: GetSettlement) -> Settlement:
    """The one that was signed, or what would be signed now."""
    order = work.get(WorkOrder, query.work_order_id)
    if query.revision is None and order.status not in (Status.DELIVERED, Status.CLOSED):
        return preview(order, moment_of(work, order).tax_rate)
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
