"""Receiving parts from suppliers."""

from sqlalchemy import select

from chassis import Refused, Work
from contracts.parts.receiving import ReceiveStock
from services.parts.catalogue.part import refuse_unknown
from services.parts.model import normalised
from services.parts.receiving.receipt import Receipt, ReceiptLines, ReceivedLine
from services.parts.reservation.queue import fill_shorts
from services.parts.stock.stock import open_stock


def receive(work: Work, command: ReceiveStock) -> Receipt:
    """Receive a delivery; who waits for one of the parts gets it, the oldest first."""
    lines = [
        ReceivedLine(part_number=normalised(line.part_number), quantity=line.quantity, unit_cost=line.unit_cost)
        for line in command.lines
    ]
    numbers = {line.part_number for line in lines}
    stock = open_stock(work, numbers)
    if work.first(select(Receipt).where(Receipt.reference == command.reference)) is not None:
        raise Refused("receipt_booked_already", reference=command.reference)
    refuse_unknown(work, numbers)
    currency = work.profile.currency
    receipt = Receipt(
        reference=command.reference,
        supplier=command.supplier,
        lines=ReceiptLines(items=lines),
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
