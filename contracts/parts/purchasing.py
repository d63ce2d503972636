"""Purchase orders (采购订单): drafted, approved within a limit, sent, received in parts against an inspection (Rule P4)."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text, whole
from contracts.parts.receiving import Receipt
from contracts.parts.supplier import SupplierCode
from contracts.shared import Amount, AmountOrNone, DocumentNumber, Listing, Page, PartNumber, Price, Reason, one_to, up_to

PurchaseOrderState = Literal["draft", "approved", "sent", "partly_received", "received", "cancelled"]
"""草稿, 已批准, 已发出, 部分到货, 已到齐, 已取消."""

LineNumber = Annotated[int, whole(1, 500)]
PurchaseOrderNumber = Annotated[str, text(20)]


class WantedPart(Part):
    """So much of a part, at a price per unit: the supplier's terms' if none is said."""

    part_number: PartNumber
    quantity: Amount
    unit_price: Price | None = None


class PurchaseOrderLine(Part):
    """A line of a purchase order. What is `outstanding` is on its way, or will be once it is sent; it is never lost."""

    line_number: int
    part_number: PartNumber
    supplier_part_number: str | None = None
    quantity: Quantity
    unit_price: Money
    lead_time_days: int
    expected_on: date | None = None
    received: Quantity
    given_up: Quantity
    outstanding: Quantity
    ordered_for: Id | None = None


class InspectedPart(Part):
    """What a delivery brought of a line, as it was inspected; `price_difference` is what was paid beyond the order's price."""

    receipt_id: Id
    reference: str
    received_at: datetime
    undone: bool
    line_number: int
    part_number: PartNumber
    accepted: Quantity
    damaged: Quantity
    short: Quantity
    wrong_part: Quantity
    ordered_price: Money
    unit_cost: Money
    price_difference: Money


class PurchaseOrderSummary(Part):
    """A purchase order as the list shows it; `expected_on` is the first day on which something is expected."""

    id: Id
    version: int
    number: PurchaseOrderNumber
    state: PurchaseOrderState
    supplier_id: Id
    supplier_code: SupplierCode
    total: Money
    drafted_at: datetime
    expected_on: date | None = None


class PurchaseOrder(Answer, PurchaseOrderSummary):
    """A purchase order with its lines and what deliveries brought of them."""

    drafted_by: str
    approved_by: str | None = None
    approved_at: datetime | None = None
    sent_by: str | None = None
    sent_at: datetime | None = None
    cancelled_because: str | None = None
    lines: list[PurchaseOrderLine]
    inspections: list[InspectedPart]


class PurchaseOrders(Answer, Page):
    """A page of purchase orders, the newest first."""

    items: list[PurchaseOrderSummary]


class Arrival(Part):
    """What is on its way of a line; `late`: it should have been here by yesterday."""

    purchase_order_id: Id
    number: PurchaseOrderNumber
    supplier_code: SupplierCode
    line_number: int
    part_number: PartNumber
    name_zh: str
    name_en: str
    outstanding: Quantity
    expected_on: date
    late: bool


class Arrivals(Answer, Page):
    """A page of what is on its way, the first expected first."""

    items: list[Arrival]


class PurchasingSettings(Answer):
    """Up to what total an order is approved by whom; without a limit, the service manager approves every one."""

    id: Id
    version: int
    clerk_limit: Money
    manager_limit: Money | None = None


class DraftPurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Draft a purchase order.

    To an approved supplier (Rule P12), in the quantities in which it sells the parts.
    """

    supplier_id: Id
    lines: list[WantedPart] = one_to(500)


class RedraftPurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Change the lines of a draft.

    They replace what was there; what is approved is changed no more.
    """

    purchase_order_id: Id
    lines: list[WantedPart] = one_to(500)


class ApprovePurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Approve a purchase order.

    Refused above the limit of whoever approves (Rule P4).
    """

    purchase_order_id: Id


class SendPurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Say that a purchase order was sent.

    Each line is expected after its lead time from today. Who waits for one of the parts learns when it comes.
    """

    purchase_order_id: Id


class ExpectPurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Say when what is outstanding is expected.

    The supplier named another day: of these lines, or of all. Who waits for the parts learns of it.
    """

    purchase_order_id: Id
    expected_on: date
    lines: list[LineNumber] = up_to(500)


class CancelPurchaseOrder(Command, service="parts", answer=PurchaseOrder):
    """Cancel a purchase order.

    Of one that came in part, what is outstanding is given up: what came stays.
    """

    purchase_order_id: Id
    reason: Reason


class DeliveredPart(Part):
    """What a delivery brought of a line, by its inspection (到货检验): accepted, damaged, short of the note, another part.

    Only what is accepted goes into the bin; the rest of the line stays outstanding. `unit_cost` is the order's price if none is
    said.
    """

    line_number: LineNumber
    accepted: AmountOrNone = field(default=Quantity(0))
    damaged: AmountOrNone = field(default=Quantity(0))
    short: AmountOrNone = field(default=Quantity(0))
    wrong_part: AmountOrNone = field(default=Quantity(0))
    unit_cost: Price | None = None


class ReceivePurchaseOrder(Command, service="parts", answer=Receipt):
    """Receive a delivery of a purchase order.

    More than is outstanding is refused (Rule P4). `reference` is the supplier's document, which is booked once. Who waits for
    one of the parts gets it, the oldest first.
    """

    purchase_order_id: Id
    reference: DocumentNumber
    lines: list[DeliveredPart] = one_to(500)


class GetPurchaseOrder(Query, service="parts", answer=PurchaseOrder):
    """A purchase order.

    With what deliveries brought of it.
    """

    purchase_order_id: Id


class ListPurchaseOrders(Query, Listing, service="parts", answer=PurchaseOrders):
    """Purchase orders.

    In a state or to a supplier, if one is given; the newest first.
    """

    state: PurchaseOrderState | None = None
    supplier_id: Id | None = None


class ListArrivals(Query, Listing, service="parts", answer=Arrivals):
    """What is on its way.

    What suppliers are expected to bring, up to a day if one is given; of a part, by its number or barcode, if one is given.
    """

    until: date | None = None
    part_number: PartNumber | None = None


class GetPurchasingSettings(Query, service="parts", answer=PurchasingSettings):
    """Limits of approval.

    Up to what total a purchase order is approved by whom.
    """


class SetPurchasingSettings(Command, service="parts", answer=PurchasingSettings):
    """Set the limits of approval.

    Left out, the service manager approves every order.
    """

    clerk_limit: Price
    manager_limit: Price | None = None
