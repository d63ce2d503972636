"""What came in goes out again (Rule P2): a receipt that was a mistake, parts that go back to their supplier."""

from sqlalchemy import select

from chassis import Quantity, Refused, Work
from contracts.parts.receiving import ReturnToSupplier, UndoReceipt
from contracts.parts.stock import Moves
from contracts.shared import DOCUMENT_NUMBER
from services.parts.catalogue.part import numbers_of
from services.parts.purchasing.arrivals import tell_arrivals
from services.parts.purchasing.inspection import Inspection
from services.parts.purchasing.purchase_order import PurchaseOrder
from services.parts.receiving.receipt import Receipt
from services.parts.reservation.queue import share_out
from services.parts.stock.ledger import ledger_of, received_by
from services.parts.stock.move import Origin, StockMove
from services.parts.stock.stock import open_stock


def undo_receipt(work: Work, command: UndoReceipt) -> Receipt:
    """Undo a receipt; of what went back to the supplier already, nothing goes back again."""
    open_stock(work)
    receipt = work.edit(Receipt, command.receipt_id)
    receipt.refuse_undone()
    numbers = {line.part_number for line in receipt.lines.items}
    stock = open_stock(work, numbers)
    origin = Origin(receipt.id, reason=command.reason, reference=receipt.reference)
    for received, left in received_by(work, receipt.id):
        if left:
            stock.take_back("receipt_undone", received, left, ledger_of(work, received.part_number), origin=origin)
    receipt.undo(at=work.now, by=work.actor, reason=command.reason)
    share_out(work, stock, (), taken=numbers)
    if receipt.purchase_order_id is not None:
        _outstanding_again(work, receipt, receipt.purchase_order_id)
    return receipt


def _outstanding_again(work: Work, receipt: Receipt, purchase_order_id: str) -> None:
    """What came under a receipt that is undone never came: its order waits for it again."""
    inspections = work.all(select(Inspection).where(Inspection.receipt_id == receipt.id))
    for one in inspections:
        one.undone = True
    order = work.edit(PurchaseOrder, purchase_order_id)
    order.undo({one.line_number: one.accepted_units for one in inspections})
    tell_arrivals(work, order.numbers)


def return_to_supplier(work: Work, command: ReturnToSupplier) -> Moves:
    """Send parts of a receipt back to its supplier, at the price they came at.

    The same part of the same document again answers what was booked; another quantity of it is refused.
    """
    number = numbers_of(work, [command.part_number]).of(command.part_number)
    stock = open_stock(work, [number])
    receipt = work.get(Receipt, command.receipt_id)
    receipt.refuse_undone()
    booked = _sent_back(work, receipt, number, command.reference)
    if booked:
        if (quantity := sum(move.quantity_units for move in booked)) != command.quantity.units:
            raise Refused(
                "return_booked_already", reference=command.reference, part_number=number, quantity=str(Quantity(quantity))
            )
        return Moves(items=[move.describe(work.profile.currency) for move in booked])
    origin = Origin(receipt.id, reason=command.reason, reference=command.reference)
    still, moves = command.quantity.units, []
    received = [(move, left) for move, left in received_by(work, receipt.id) if move.part_number == number]
    if still > sum(left for _, left in received):
        there = Quantity(sum(left for _, left in received))
        raise Refused("beyond_received", part_number=number, quantity=str(there))
    for move, left in received:
        if units := min(left, still):
            moves.append(stock.take_back("sent_back", move, units, ledger_of(work, number), origin=origin))
            still -= units
    share_out(work, stock, (), taken={number})
    return Moves(items=[move.describe(work.profile.currency) for move in moves])


def _sent_back(work: Work, receipt: Receipt, number: str, reference: str) -> list[StockMove]:
    """What of the part went back under this document of the supplier's before, however its number is typed."""
    of_receipt = work.all(
        select(StockMove)
        .where(StockMove.document_id == receipt.id, StockMove.part_number == number, StockMove.kind == "sent_back")
        .order_by(StockMove.id)
    )
    key = DOCUMENT_NUMBER.key(reference)
    return [move for move in of_receipt if move.reference is not None and DOCUMENT_NUMBER.key(move.reference) == key]
