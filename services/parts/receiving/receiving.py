"""Receiving parts from suppliers: a delivery that just comes, or one of a purchase order (Rules P2, P4)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.parts.purchasing import DeliveredPart, ReceivePurchaseOrder
from contracts.parts.receiving import ReceiveStock
from contracts.shared import DOCUMENT_NUMBER
from services.parts.catalogue.part import numbers_of
from services.parts.purchasing.arrivals import tell_arrivals
from services.parts.purchasing.inspection import Inspection
from services.parts.purchasing.line import PurchaseLine
from services.parts.purchasing.purchase_order import PurchaseOrder
from services.parts.purchasing.watch import look_within_the_hour
from services.parts.receiving.receipt import Receipt, ReceiptLines, ReceivedLine
from services.parts.reservation.queue import serve, share_out
from services.parts.special_order.waiting import who_waits
from services.parts.stock.move import Origin
from services.parts.stock.stock import open_stock
from services.parts.supplier.supplier import Supplier, supplier_called, supplier_key
from services.parts.supplier.supplier_part import delivered_numbers


def receive(work: Work, command: ReceiveStock) -> Receipt:
    """Receive a delivery; who waits for one of the parts gets it, the oldest first."""
    supplier = supplier_called(work, command.supplier)
    catalogue = delivered_numbers(work, supplier, (line.part_number for line in command.lines))
    lines = [
        ReceivedLine(part_number=catalogue.of(line.part_number), quantity=line.quantity, unit_cost=line.unit_cost)
        for line in command.lines
    ]
    open_stock(work)
    booking = _booking(work, command.supplier, supplier, command.reference)
    for place, asked in enumerate(command.lines):
        catalogue.known(asked.part_number)
        catalogue.require_whole(f"lines.{place}.quantity", asked.part_number, asked.quantity)
        if asked.unit_cost.currency != work.profile.currency:
            raise Refused("wrong_currency", field=f"lines.{place}.unit_cost", currency=work.profile.currency)
    receipt = Receipt(supplier=command.supplier, reference=command.reference, booking=booking, lines=ReceiptLines(items=lines))
    return _take_in(work, receipt, supplier)


def receive_order(work: Work, command: ReceivePurchaseOrder) -> Receipt:
    """Receive a delivery of a purchase order: what was accepted goes into the bin, the rest stays outstanding."""
    open_stock(work)
    order = work.edit(PurchaseOrder, command.purchase_order_id)
    order.require_open()
    supplier = work.get(Supplier, order.supplier_id)
    booking = _booking(work, supplier.code, supplier, command.reference)
    ordered = {line.number: line for line in order.lines}
    _check(work, ordered, command.lines)
    order.receive({told.line_number: told.accepted.units for told in command.lines})
    costs = {told.line_number: told.unit_cost or ordered[told.line_number].price for told in command.lines}
    lines = [
        ReceivedLine(part_number=ordered[told.line_number].part_number, quantity=told.accepted, unit_cost=costs[told.line_number])
        for told in command.lines
        if told.accepted.units
    ]
    receipt = Receipt(supplier=supplier.code, reference=command.reference, booking=booking, lines=ReceiptLines(items=lines))
    receipt.purchase_order_id = order.id
    accepted = [ordered[told.line_number] for told in command.lines if told.accepted.units]
    _take_in(work, receipt, supplier, first=[line.ordered_for for line in accepted if line.ordered_for is not None])
    for told in command.lines:
        line = ordered[told.line_number]
        work.add(
            Inspection(
                receipt_id=receipt.id,
                reference=receipt.reference,
                received_at=receipt.received_at,
                undone=False,
                purchase_order_id=order.id,
                line_number=line.number,
                part_number=line.part_number,
                accepted_units=told.accepted.units,
                damaged_units=told.damaged.units,
                short_units=told.short.units,
                wrong_units=told.wrong_part.units,
                ordered_minor=line.price_minor,
                cost_minor=costs[line.number].minor,
                currency=line.currency,
            )
        )
    tell_arrivals(work, order.numbers)
    return receipt


def _check(work: Work, ordered: Mapping[int, PurchaseLine], lines: Sequence[DeliveredPart]) -> None:
    """Raises Invalid naming the line that the order does not have, that says nothing, or half of what is counted."""
    catalogue = numbers_of(work, (line.part_number for line in ordered.values()))
    for place, told in enumerate(lines):
        where = f"lines.{place}"
        if told.line_number not in ordered:
            raise Invalid.field(f"{where}.line_number", "not_on_the_order")
        if told.line_number in [one.line_number for one in lines[:place]]:
            raise Invalid.field(f"{where}.line_number", "named_twice")
        came = {name: getattr(told, name) for name in ("accepted", "damaged", "short", "wrong_part")}
        if not any(quantity.units for quantity in came.values()):
            raise Invalid.field(f"{where}.accepted", "required")
        for name, quantity in came.items():
            catalogue.require_whole(f"{where}.{name}", ordered[told.line_number].part_number, quantity)
        if told.unit_cost is not None and told.unit_cost.currency != work.profile.currency:
            raise Refused("wrong_currency", field=f"{where}.unit_cost", currency=work.profile.currency)


def _booking(work: Work, name: str, supplier: Supplier | None, reference: str) -> int:
    """How often this document of the supplier's is booked by now. Raises Refused if it is, and was not undone."""
    keys = {supplier_key(name)} if supplier is None else supplier.keys
    of_document = Receipt.reference_key == DOCUMENT_NUMBER.key(reference)
    bookings = work.all(select(Receipt).where(Receipt.supplier_key.in_(sorted(keys)), of_document).order_by(Receipt.id))
    if any(one.undone_at is None for one in bookings):
        raise Refused("receipt_booked_already", reference=reference)
    return len(bookings) + 1


def _take_in(work: Work, receipt: Receipt, supplier: Supplier | None, first: Sequence[str] = ()) -> Receipt:
    """Into the bin; then whom something was ordered for gets it `first`, and who waits the rest."""
    numbers = {line.part_number for line in receipt.lines.items}
    stock = open_stock(work, numbers)
    receipt.reference_key = DOCUMENT_NUMBER.key(receipt.reference)
    receipt.supplier_key = supplier_key(receipt.supplier if supplier is None else supplier.code)
    receipt.supplier_id = None if supplier is None else supplier.id
    receipt.received_at, receipt.received_by = work.now, work.actor
    look_within_the_hour(work)
    origin = Origin(receipt.id, reference=receipt.reference)
    for line in receipt.lines.items:
        stock.receive(line.part_number, line.quantity.units, line.unit_cost.minor, origin=origin)
    work.add(receipt)
    for whose in first:
        waits = who_waits(work, whose)
        if waits is not None:
            serve(work, waits)
    share_out(work, stock, numbers)
    return receipt
