"""How much of a part lies where: balances, the ledger of moves, receipts and corrections."""

from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text
from chassis.wire.values import QuantityField
from contracts.parts.catalogue import CataloguePart, Price
from contracts.shared import Cursor, Limit, Name, Page, PartNumber, Reason, one_to

Location = Literal["supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit"]
"""供应商, 货位, 在修 (work in progress), 客户, 报废, 差异, 在途."""

MoveKind = Literal["received", "corrected", "issued", "returned", "deducted", "undone"]


class AmountField(QuantityField):
    """More than nothing, and no more than any bin holds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": validate.Range(min=Quantity(1), max=Quantity.of(1_000_000))})


Amount = Annotated[Quantity, AmountField]
Reference = Annotated[str, text(60)]


class LocationBalance(Part):
    """How much of a part is at one location; outside locations (supplier, customer, discrepancy) may be negative."""

    location: Location
    quantity: Quantity


class PartStock(CataloguePart):
    """A part with its stock (Rule P2). `available` is what may still be promised: `on_hand` in the bin less `reserved`."""

    asked_for: str
    on_hand: Quantity
    reserved: Quantity
    available: Quantity
    average_cost: Money | None = None
    locations: list[LocationBalance]


class ReceiptLine(Part):
    """So much of a part at a purchase price per unit."""

    part_number: PartNumber
    quantity: Amount
    unit_cost: Price


class Receipt(Answer):
    """Parts that came in from a supplier under one document of theirs (入库单)."""

    id: Id
    version: int
    reference: str
    supplier: str
    lines: list[ReceiptLine]
    received_at: datetime
    received_by: str


class Move(Answer):
    """One entry of the stock ledger; it is never changed."""

    id: Id
    kind: MoveKind
    part_number: PartNumber
    quantity: Quantity
    from_location: Location
    to_location: Location
    document_id: Id
    work_order_id: Id | None = None
    line_id: Id | None = None
    reason: str | None = None
    moved_at: datetime
    moved_by: str


class Moves(Answer, Page):
    """A page of the ledger, the newest entry first."""

    items: list[Move]


class ReceiveStock(Command, service="parts", answer=Receipt):
    """Receive parts from a supplier.

    `reference` is the supplier's document, booked once.
    """

    reference: Reference
    supplier: Name
    lines: list[ReceiptLine] = one_to(500)


class CorrectStock(Command, service="parts", answer=Move):
    """Correct stock with a reason.

    Move stock between the bin and scrap or discrepancy, with a reason: the only way to correct a record (Rule P2).
    """

    part_number: PartNumber
    quantity: Amount
    from_location: Literal["bin", "scrap", "discrepancy"]
    to_location: Literal["bin", "scrap", "discrepancy"]
    reason: Reason


class GetPart(Query, service="parts", answer=PartStock):
    """A part and its stock by number.

    A superseded number finds its final successor, unless `resolve` is false.
    """

    part_number: PartNumber
    resolve: bool = True


class ListMoves(Query, service="parts", answer=Moves):
    """The stock ledger by part or work order.

    Both may be given.
    """

    part_number: Annotated[str | None, text(40)] = None
    work_order_id: Id | None = None
    cursor: Cursor = None
    limit: Limit = 50
