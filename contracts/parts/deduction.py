"""What a delivery takes off stock."""

from datetime import datetime

from chassis.wire import Answer, Id, Part, Query
from contracts.parts.events import DeductedPart
from contracts.shared import Listing, Page, at_most


class Deduction(Answer):
    """What one delivery of a work order took off stock; `undone_at` when the delivery was reversed."""

    id: Id
    version: int
    work_order_id: Id
    revision: int
    lines: list[DeductedPart]
    deducted_at: datetime
    undone_at: datetime | None = None


class Deductions(Answer, Page):
    """The deductions of a work order, the latest delivery first."""

    items: list[Deduction]


class DeliveryDeduction(Part):
    """That a delivery was deducted, and whether its reversal has undone that."""

    work_order_id: Id
    revision: int
    undone: bool


class DeliveryDeductions(Answer):
    """Which deliveries of some work orders were deducted."""

    items: list[DeliveryDeduction]


class ListDeductions(Query, Listing, service="parts", answer=Deductions):
    """What a work order's deliveries took off stock.

    The latest delivery first, part by part; those whose delivery was reversed are marked.
    """

    work_order_id: Id


class FindDeliveryDeductions(Query, service="parts", answer=DeliveryDeductions):
    """Which deliveries of some work orders were deducted; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)
