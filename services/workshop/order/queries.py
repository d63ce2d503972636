"""Questions about work orders."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from chassis import Work, page
from contracts.workshop import order
from contracts.workshop.order import GetWorkOrder, ListWorkOrders
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder

# One statement instead of two. Not to edit: after a wait for the lock the order would be new and its joined lines old.
_WITH_LINES = (joinedload(WorkOrder.lines),)


def get_work_order(work: Work, query: GetWorkOrder) -> order.WorkOrder:
    """The order as it stands."""
    return work.get(WorkOrder, query.work_order_id, options=_WITH_LINES).describe()


def list_work_orders(work: Work, query: ListWorkOrders) -> order.WorkOrders:
    """Those that meet all conditions."""
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
    return order.WorkOrders(items=[row.summarise() for row in rows], next_cursor=cursor)
