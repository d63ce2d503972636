"""Parts received from suppliers, and corrections of the record."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Command, Id, Part, Query
from contracts.parts.stock import Move, Moves
from contracts.shared import Amount, DocumentNumber, Listing, Name, Page, PartNumber, Price, Reason, one_to


class ReceiptLine(Part):
    """So much of a part at a purchase price per unit."""

    part_number: PartNumber
    quantity: Amount
    unit_cost: Price


class Receipt(Answer):
    """Parts that came in from a supplier under one document of theirs (入库单); `undone_at` when it was a mistake.

    `supplier` is who it was, as it was typed; `supplier_id` the registered supplier with that code or name, if there is one.
    `purchase_order_id` is the order that it was a delivery of; of such a one `lines` are what was accepted.
    """

    id: Id
    version: int
    reference: str
    supplier: str
    supplier_id: Id | None = None
    purchase_order_id: Id | None = None
    lines: list[ReceiptLine]
    received_at: datetime
    received_by: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str | None = None


class Receipts(Answer, Page):
    """A page of receipts, the newest first."""

    items: list[Receipt]


class ReceiveStock(Command, service="parts", answer=Receipt):
    """Receive parts from a supplier.

    `supplier` is the code or a name of one that is registered, or what else it is called: what came is booked, whoever brought
    it. Parts are named by our numbers or by those of a registered supplier. `reference` is the supplier's document; each
    supplier's is booked once.
    """

    reference: DocumentNumber
    supplier: Name
    lines: list[ReceiptLine] = one_to(500)


class UndoReceipt(Command, service="parts", answer=Receipt):
    """Undo a receipt that was a mistake.

    Its parts leave the bin as if they had never come, also in the average cost; the document can be booked again.
    Refused once its parts were used.
    """

    receipt_id: Id
    reason: Reason


class ReturnToSupplier(Command, service="parts", answer=Moves):
    """Return parts to their supplier.

    From the bin, at the price they came at under that receipt; `reference` is the document of the return. Refused once the
    receipt's parts were used.
    """

    receipt_id: Id
    part_number: PartNumber
    quantity: Amount
    reference: DocumentNumber
    reason: Reason


class GetReceipt(Query, service="parts", answer=Receipt):
    """A receipt.

    As it was booked, and whether it was undone since.
    """

    receipt_id: Id


class ListReceipts(Query, Listing, service="parts", answer=Receipts):
    """Receipts from suppliers.

    Those of a supplier or with a document's number, if one is given.
    """

    supplier: Name | None = None
    reference: DocumentNumber | None = None


class CorrectStock(Command, service="parts", answer=Move):
    """Correct stock with a reason.

    Move stock between the bin and scrap or discrepancy, with a reason: the only way to correct a record (Rule P2).
    """

    part_number: PartNumber
    quantity: Amount
    from_location: Literal["bin", "scrap", "discrepancy"]
    to_location: Literal["bin", "scrap", "discrepancy"]
    reason: Reason
