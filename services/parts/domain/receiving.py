"""Stock that comes in from suppliers, and corrections of the record (Rule P2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Refused, Work, document, new_id
from contracts.parts import stock as stock_contract
from contracts.parts.stock import CorrectStock, ReceiveStock
from services.parts.domain.catalogue import known_numbers
from services.parts.domain.ledger import Origin, open_stock
from services.parts.domain.model import Base, normalised
from services.parts.domain.reserving import fill_shorts


class Receipt(Aggregate, Base):
    """A supplier's document, booked once (入库单)."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("dealer_id", "reference", name="receipt_reference_key"),)

    reference: Mapped[str] = mapped_column(String(60))
    supplier: Mapped[str] = mapped_column(String(120))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(document)
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> stock_contract.Receipt:
        """The document as it was booked."""
        return stock_contract.Receipt(
            id=self.id,
            version=self.version,
            reference=self.reference,
            supplier=self.supplier,
            lines=[stock_contract.ReceiptLine.load(line) for line in self.lines],
            received_at=self.received_at,
            received_by=self.received_by,
        )


def receive(work: Work, command: ReceiveStock) -> Receipt:
    """Take a delivery of a supplier into the bin; who waits for one of its parts gets it, the oldest first."""
    lines = [
        stock_contract.ReceiptLine(part_number=normalised(line.part_number), quantity=line.quantity, unit_cost=line.unit_cost)
        for line in command.lines
    ]
    numbers = {line.part_number for line in lines}
    stock = open_stock(work, numbers)
    if work.first(select(Receipt).where(Receipt.reference == command.reference)) is not None:
        raise Refused("receipt_booked_already", reference=command.reference)
    _refuse_unknown(work, numbers)
    currency = work.profile.currency
    receipt = Receipt(
        reference=command.reference,
        supplier=command.supplier,
        lines=[line.dump() for line in lines],
        received_at=work.now,
        received_by=work.actor,
    )
    for place, line in enumerate(lines):
        if line.unit_cost.currency != currency:
            raise Refused("wrong_currency", field=f"lines.{place}.unit_cost", currency=currency)
        stock.receive(line.part_number, line.quantity.units, line.unit_cost.minor, document_id=receipt.id)
    work.add(receipt)
    fill_shorts(work, stock, numbers)
    return receipt


def correct(work: Work, command: CorrectStock) -> stock_contract.Move:
    """Correct the record by a move between the bin and scrap or discrepancy, with its reason."""
    if command.from_location == command.to_location:
        raise Refused("same_location", field="to_location")
    if "bin" not in (command.from_location, command.to_location):
        raise Refused("bin_not_involved", field="from_location")
    number = normalised(command.part_number)
    stock = open_stock(work, [number])
    _refuse_unknown(work, {number})
    move = stock.move(
        "corrected",
        number,
        command.quantity.units,
        command.from_location,
        command.to_location,
        origin=Origin(new_id(), reason=command.reason),
    )
    fill_shorts(work, stock, {number})
    return move.describe()


def _refuse_unknown(work: Work, numbers: set[str]) -> None:
    unknown = numbers - known_numbers(work, numbers)
    if unknown:
        raise Refused("part_unknown", part_number=min(unknown))
