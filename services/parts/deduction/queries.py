"""Queries of deductions."""

from sqlalchemy import select

from chassis import Work, page
from contracts.parts.deduction import Deductions, DeliveryDeduction, DeliveryDeductions, FindDeliveryDeductions, ListDeductions
from services.parts.deduction.deduction import Deduction


def list_deductions(work: Work, query: ListDeductions) -> Deductions:
    """The latest delivery comes first."""
    found = select(Deduction).where(Deduction.work_order_id == query.work_order_id)
    items, cursor = page(work, found, query, keys=[Deduction.revision])
    return Deductions(items=[one.describe() for one in items], next_cursor=cursor)


def find_delivery_deductions(work: Work, query: FindDeliveryDeductions) -> DeliveryDeductions:
    """Which deliveries of some orders were deducted; what was deducted is not read."""
    rows = work.execute(
        select(Deduction.work_order_id, Deduction.revision, Deduction.undone_at)
        .where(Deduction.work_order_id.in_(query.work_order_ids))
        .order_by(Deduction.id)
    )
    return DeliveryDeductions(
        items=[
            DeliveryDeduction(work_order_id=row.work_order_id, revision=row.revision, undone=row.undone_at is not None)
            for row in rows
        ]
    )
