"""Work orders as lists and boards show them: with what a reader would otherwise have to ask for one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select

from chassis import Work, colleagues
from contracts.workshop.finding import WorkOrderSummary
from services.workshop.order.due import late_minutes
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.promised import at_risk, delivery_overtaken
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.order_parts import OrderParts

UNDECIDED = OrderLine.state.in_((State.DRAFT, State.QUOTED))
UNFINISHED = and_(OrderLine.state == State.APPROVED, OrderLine.kind == Kind.LABOUR, OrderLine.done_at.is_(None))


def summaries(work: Work, orders: Sequence[WorkOrder]) -> list[WorkOrderSummary]:
    """Each of them, in four statements for all."""
    ids = [order.id for order in orders]
    counts = select(
        OrderLine.work_order_id,
        func.count().filter(UNDECIDED).label("undecided"),
        func.count().filter(UNFINISHED).label("unfinished"),
    )
    counted = {
        row.work_order_id: {"undecided": row.undecided, "unfinished": row.unfinished}
        for row in work.execute(counts.where(OrderLine.work_order_id.in_(ids)).group_by(OrderLine.work_order_id))
    }
    parts = {one.id: one for one in work.all(select(OrderParts).where(OrderParts.id.in_(ids)))}
    risky = at_risk(work, ids)
    names = colleagues(work, (login for order in orders for login in (order.advisor, order.technician)))
    return [
        WorkOrderSummary(
            **told(order, work.now, names),
            **counted.get(order.id, {"undecided": 0, "unfinished": 0}),
            **_of_parts(parts.get(order.id)),
            at_risk=order.id in risky,
            expected_at=risky.get(order.id),
        )
        for order in orders
    ]


def told(order: WorkOrder | Row[Any], now: datetime, names: Mapping[str, str]) -> dict[str, Any]:
    """What the order itself says of it, wherever it is listed: of an order, or of a row with these columns of one."""
    return {
        "id": order.id,
        "version": order.version,
        "updated_at": order.updated_at,
        "number": order.number,
        "status": order.status.value,
        "vehicle_id": order.vehicle_id,
        "plate": order.vehicle["plate"],
        "make": order.vehicle["make"],
        "model": order.vehicle["model"],
        "customer_id": order.customer_id,
        "customer_name": order.customer["name"],
        "advisor": order.advisor,
        "advisor_name": names.get(order.advisor),
        "technician": order.technician,
        "technician_name": names.get(order.technician or ""),
        "bay": order.bay,
        "opened_at": order.opened_at,
        "promised_at": order.promised_at,
        "delivery_at": order.delivery_at,
        "delivery_overtaken": delivery_overtaken(order),
        "late_minutes": late_minutes(order, now),
        "hold_reason": order.hold_reason,
        "answered_at": order.answered_at,
        "high_voltage": order.high_voltage,
    }


def _of_parts(parts: OrderParts | None) -> dict[str, Any]:
    return {"parts_here": None, "short": []} if parts is None else {"parts_here": parts.complete, "short": parts.short}


def about(order: WorkOrder) -> dict[str, Any]:
    """Of which order a concern is."""
    return {
        "work_order_id": order.id,
        "order_number": order.number,
        "plate": order.vehicle["plate"],
        "customer_name": order.customer["name"],
        "staff": order.advisor,
    }
