"""Queries of purchase orders, and of what is on its way."""

from sqlalchemy import select

from chassis import Quantity, Work, matching, page
from contracts.parts.purchasing import (
    Arrival,
    Arrivals,
    GetPurchaseOrder,
    GetPurchasingSettings,
    ListArrivals,
    ListPurchaseOrders,
    PurchaseOrders,
)
from contracts.parts.purchasing import PurchaseOrder as PurchaseOrderAnswer
from contracts.shared import PART_NUMBER
from services.parts.catalogue.part import parts_of, scanned
from services.parts.purchasing.inspection import Inspection
from services.parts.purchasing.line import ON_ITS_WAY, PurchaseLine
from services.parts.purchasing.purchase_order import PurchaseOrder
from services.parts.purchasing.settings import PurchasingSettings


def get_purchase_order(work: Work, query: GetPurchaseOrder) -> PurchaseOrderAnswer:
    """Raises NotFound, also when it is another dealer's."""
    return shown(work, work.get(PurchaseOrder, query.purchase_order_id))


def list_purchase_orders(work: Work, query: ListPurchaseOrders) -> PurchaseOrders:
    """The newest first."""
    found = select(PurchaseOrder).where(
        *matching((PurchaseOrder.state, query.state), (PurchaseOrder.supplier_id, query.supplier_id))
    )
    items, cursor = page(work, found, query, keys=[PurchaseOrder.id])
    return PurchaseOrders(items=[one.summary() for one in items], next_cursor=cursor)


def list_arrivals(work: Work, query: ListArrivals) -> Arrivals:
    """By the day on which they are expected."""
    found = select(PurchaseLine).where(ON_ITS_WAY)
    if query.until is not None:
        found = found.where(PurchaseLine.expected_on <= query.until)
    if query.part_number is not None:
        found = found.where(PurchaseLine.part_number == (scanned(work, query.part_number) or PART_NUMBER.key(query.part_number)))
    lines, cursor = page(work, found, query, keys=[PurchaseLine.expected_on, PurchaseLine.id], ascending=True)
    ids = sorted({line.purchase_order_id for line in lines})
    orders = {one.id: one for one in work.all(select(PurchaseOrder).where(PurchaseOrder.id.in_(ids)))} if ids else {}
    parts = parts_of(work, (line.part_number for line in lines))
    today = work.profile.local(work.now).date()
    items = [
        Arrival(
            purchase_order_id=line.purchase_order_id,
            number=orders[line.purchase_order_id].number,
            supplier_code=orders[line.purchase_order_id].supplier_code,
            line_number=line.number,
            part_number=line.part_number,
            name_zh=parts[line.part_number].name_zh,
            name_en=parts[line.part_number].name_en,
            outstanding=Quantity(line.outstanding),
            expected_on=line.expected_on,
            late=line.expected_on < today,
        )
        for line in lines
        if line.expected_on is not None
    ]
    return Arrivals(items=items, next_cursor=cursor)


def get_purchasing_settings(work: Work, query: GetPurchasingSettings) -> PurchasingSettings:
    """The limits that apply."""
    return work.settings(PurchasingSettings)


def shown(work: Work, order: PurchaseOrder) -> PurchaseOrderAnswer:
    """The order, with what deliveries brought of it, the oldest first."""
    of_order = select(Inspection).where(Inspection.purchase_order_id == order.id).order_by(Inspection.id)
    return order.shown([one.describe() for one in work.all(of_order)])
