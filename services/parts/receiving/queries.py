"""Queries of receipts."""

from sqlalchemy import select

from chassis import Work, page
from contracts.parts.receiving import GetReceipt, ListReceipts, Receipts
from contracts.shared import DOCUMENT_NUMBER
from services.parts.receiving.receipt import Receipt
from services.parts.supplier.supplier import supplier_called, supplier_key


def get_receipt(work: Work, query: GetReceipt) -> Receipt:
    """The receipt as it was booked, and whether it was undone."""
    return work.get(Receipt, query.receipt_id)


def list_receipts(work: Work, query: ListReceipts) -> Receipts:
    """A supplier is found by its code or name, however that is typed, and whichever of them its deliveries were booked under."""
    found = select(Receipt)
    if query.supplier is not None:
        supplier = supplier_called(work, query.supplier)
        keys = {supplier_key(query.supplier)} if supplier is None else supplier.keys
        found = found.where(Receipt.supplier_key.in_(sorted(keys)))
    document = None if query.reference is None else DOCUMENT_NUMBER.key(query.reference)
    if document is not None:
        found = found.where(Receipt.reference_key == document)
    items, cursor = page(work, found, query, keys=[Receipt.id])
    return Receipts(items=[one.describe() for one in items], next_cursor=cursor)
