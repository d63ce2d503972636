"""Receiving parts from suppliers."""

from sqlalchemy import select

from chassis import Refused, Work
from contracts.parts.receiving import ReceiveStock
from contracts.shared import DOCUMENT_NUMBER
from services.parts.receiving.receipt import Receipt, ReceiptLines, ReceivedLine
from services.parts.reservation.queue import share_out
from services.parts.stock.move import Origin
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import supplier_called, supplier_key
from services.parts.supplier.supplier_part import delivered_numbers


def receive(work: Work, command: ReceiveStock) -> Receipt:
    """Receive a delivery; who waits for one of the parts gets it, the oldest first."""
    supplier = supplier_called(work, command.supplier)
    catalogue = delivered_numbers(work, supplier, (line.part_number for line in command.lines))
    lines = [
        ReceivedLine(part_number=catalogue.of(line.part_number), quantity=line.quantity, unit_cost=line.unit_cost)
        for line in command.lines
    ]
    numbers = {line.part_number for line in lines}
    stock = open_stock(work, numbers)
    keys = {supplier_key(command.supplier)} if supplier is None else supplier.keys
    document = DOCUMENT_NUMBER.key(command.reference)
    bookings = work.all(
        select(Receipt).where(Receipt.supplier_key.in_(sorted(keys)), Receipt.reference_key == document).order_by(Receipt.id)
    )
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
        supplier_key=supplier_key(command.supplier if supplier is None else supplier.code),
        supplier_id=None if supplier is None else supplier.id,
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
