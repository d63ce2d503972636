"""Queries of special orders."""

from sqlalchemy import select

from chassis import Work, matching, page
from contracts.parts.order_part import ListOrderParts, OrderParts
from contracts.parts.special_order import ListSpecialOrders, SpecialOrders
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder


def list_special_orders(work: Work, query: ListSpecialOrders) -> SpecialOrders:
    """Special orders by state, the first wanted first."""
    found = select(SpecialOrder).where(
        SpecialOrder.state == query.state, *matching((SpecialOrder.appointment_id, query.appointment_id))
    )
    items, cursor = page(work, found, query, keys=[SpecialOrder.wanted_by, SpecialOrder.id], ascending=True)
    return SpecialOrders(items=[one.describe() for one in items], next_cursor=cursor)


def list_order_parts(work: Work, query: ListOrderParts) -> OrderParts:
    """What orders wait for, the first wanted first."""
    found = select(OrderPart).where(OrderPart.state == query.state, *matching((OrderPart.work_order_id, query.work_order_id)))
    items, cursor = page(work, found, query, keys=[OrderPart.wanted_by, OrderPart.id], ascending=True)
    return OrderParts(items=[one.describe() for one in items], next_cursor=cursor)
