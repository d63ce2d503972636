"""What to order (采购建议): reorder points from demand that comes now and then, grouped by supplier (Rule P4)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, whole
from contracts.parts.catalogue import AbcClass
from contracts.parts.purchasing import PurchaseOrder
from contracts.parts.supplier import SupplierCode
from contracts.shared import PartNumber

SERVICE_LEVEL, COVER_DAYS = 95, 30
"""What is assumed unless it is asked otherwise."""

ServiceLevel = Annotated[int, whole(50, 99)]
CoverDays = Annotated[int, whole(1, 180)]


class ProposedLine(Part):
    """A part at or below its reorder point, and what brings it up to its level.

    `position` is what there will be: available, less what is waited for, with what is on order. The reorder point covers the
    demand of the lead time at the service level; the level also that of the days to cover.
    """

    part_number: PartNumber
    name_zh: str
    name_en: str
    supplier_part_number: str
    abc_class: AbcClass
    monthly_demand: Quantity
    lead_time_days: int
    position: Quantity
    reorder_point: Quantity
    order_up_to: Quantity
    proposed: Quantity
    unit_price: Money
    by_hand: bool = False


class SupplierProposal(Part):
    """What to order from one supplier: the preferred one of each part, or else the cheapest of those that are approved."""

    supplier_id: Id
    supplier_code: SupplierCode
    total: Money
    lines: list[ProposedLine]


class OrderProposals(Answer):
    """What to order, by supplier; `nobody_sells` are parts at their reorder point that no approved supplier sells."""

    as_of: datetime
    suppliers: list[SupplierProposal]
    nobody_sells: list[PartNumber]


class ProposeOrders(Query, service="parts", answer=OrderProposals):
    """What to order.

    Every part at or below its reorder point, from the demand of two years (Rule P4). At most 500 lines of a supplier, and 200
    parts that nobody sells.
    """

    service_level: ServiceLevel = SERVICE_LEVEL
    cover_days: CoverDays = COVER_DAYS


class DraftProposedOrder(Command, service="parts", answer=PurchaseOrder):
    """Draft what is proposed from a supplier.

    One purchase order of all that is proposed from it at this moment; what is on it is not proposed again.
    """

    supplier_id: Id
    service_level: ServiceLevel = SERVICE_LEVEL
    cover_days: CoverDays = COVER_DAYS
