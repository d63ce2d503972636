"""Work orders as lists and boards show them: with what a reader would otherwise have to ask for one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select

from chassis import Work, colleagues
from contracts.workshop.finding import WorkOrderSummary
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.promised import at_risk, delivery_overtaken
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.order_parts import OrderParts


def summaries(work: Work, orders: Sequence[WorkOrder]) -> list[WorkOrderSummary]:
    """Each of them, in four statements for all."""
    ids = [order.id for order in orders]
    undecided = OrderLine.state.in_((State.DRAFT, State.QUOTED))
    unfinished = and_(OrderLine.state == State.APPROVED, OrderLine.kind == Kind.LABOUR, OrderLine.done_at.is_(None))
    counts = select(
        OrderLine.work_order_id,
        func.count().filter(undecided).label("undecided"),
        func.count().filter(unfinished).label("unfinished"),
    )
    counted = {
        row.work_order_id: row
        for row in work.execute(counts.where(OrderLine.work_order_id.in_(ids)).group_by(OrderLine.work_order_id))
    }
    parts = {one.id: one for one in work.all(select(OrderParts).where(OrderParts.id.in_(ids)))}
    risky = at_risk(work, ids)
    names = colleagues(work, (login for order in orders for login in (order.advisor, order.technician)))
    return [
        replace(
            _summary(order, work.now, counted.get(order.id), parts.get(order.id), names),
            at_risk=order.id in risky,
            expected_at=risky.get(order.id),
        )
        for order in orders
    ]


def _summary(
    order: WorkOrder, now: datetime, lines: Row[Any] | None, parts: OrderParts | None, names: dict[str, str]
) -> WorkOrderSummary:
    return WorkOrderSummary(
        id=order.id,
        version=order.version,
        updated_at=order.updated_at,
        number=order.number,
        status=order.status.value,
        vehicle_id=order.vehicle_id,
        plate=order.vehicle["plate"],
        make=order.vehicle["make"],
        model=order.vehicle["model"],
        customer_id=order.customer_id,
        customer_name=order.customer["name"],
        advisor=order.advisor,
        advisor_name=names.get(order.advisor),
        technician=order.technician,
        technician_name=names.get(order.technician or ""),
        bay=order.bay,
        opened_at=order.opened_at,
        promised_at=order.promised_at,
        delivery_at=order.delivery_at,
        delivery_overtaken=delivery_overtaken(order),
        late_minutes=order.late_minutes(now),
        hold_reason=order.hold_reason,
        answered_at=order.answered_at,
        high_voltage=order.high_voltage,
        undecided=0 if lines is None else lines.undecided,
        unfinished=0 if lines is None else lines.unfinished,
        parts_here=None if parts is None else parts.complete,
        short=[] if parts is None else parts.short,
    )


def about(order: WorkOrder) -> dict[str, Any]:
    """Of which order a concern is."""
    return {
        "work_order_id": order.id,
        "order_number": order.number,
        "plate": order.vehicle["plate"],
        "customer_name": order.customer["name"],
        "staff": order.advisor,
    }
