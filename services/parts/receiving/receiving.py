"""Receiving parts from suppliers."""

from sqlalchemy import select

from chassis import Refused, Work
from contracts.parts.receiving import ReceiveStock
from contracts.shared import DOCUMENT_NUMBER
from services.parts.catalogue.part import numbers_of
from services.parts.receiving.receipt import Receipt, ReceiptLines, ReceivedLine, supplier_key
from services.parts.reservation.queue import share_out
from services.parts.stock.move import Origin
from services.parts.stock.stock import open_stock


def receive(work: Work, command: ReceiveStock) -> Receipt:
    """Receive a delivery; who waits for one of the parts gets it, the oldest first."""
    catalogue = numbers_of(work, (line.part_number for line in command.lines))
    lines = [
        ReceivedLine(part_number=catalogue.of(line.part_number), quantity=line.quantity, unit_cost=line.unit_cost)
        for line in command.lines
    ]
    numbers = {line.part_number for line in lines}
    stock = open_stock(work, numbers)
    supplier = supplier_key(command.supplier)
    document = DOCUMENT_NUMBER.key(command.reference)
    bookings = work.all(select(Receipt).where(Receipt.supplier_key == supplier, Receipt.reference_key == document))
    if any(one.undone_at is None for one in bookings):
        raise Refused("receipt_booked_already", reference=command.reference)
    for place, asked in enumerate(command.lines):
        catalogue.known(asked.part_number)
        catalogue.require_whole(f"lines.{place}.quantity", asked.part_number, asked.quantity)
    currency = work.profile.currency
    receipt = Receipt(
        reference=command.reference,
        reference_key=document,
        supplier=command.supplier,
        supplier_key=supplier,
        booking=len(bookings) + 1,
        lines=ReceiptLines(items=lines),
        received_at=work.now,
        received_by=work.actor,
    )
    origin = Origin(receipt.id, reference=command.reference)
    for place, line in enumerate(lines):
        if line.unit_cost.currency != currency:
            raise Refused("wrong_currency", field=f"lines.{place}.unit_cost", currency=currency)
        stock.receive(line.part_number, line.quantity.units, line.unit_cost.minor, origin=origin)
    work.add(receipt)
    share_out(work, stock, numbers)
    return receipt
