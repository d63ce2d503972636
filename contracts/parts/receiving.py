"""Parts received from suppliers, and corrections of the record."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Command, Id, Part
from contracts.parts.catalogue import Price
from contracts.parts.stock import Move
from contracts.shared import Amount, DocumentNumber, Name, PartNumber, Reason, one_to


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


class ReceiveStock(Command, service="parts", answer=Receipt):
    """Receive parts from a supplier.

    `reference` is the supplier's document, booked once.
    """

    reference: DocumentNumber
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
