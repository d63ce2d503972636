"""I35: what purchase orders say came is what was inspected and accepted, and that is what the ledger received."""

from collections import Counter
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text


def purchases(books: Books, dealer: str) -> Iterator[Finding]:
    """I35: a line's received quantity is what receipts that count accepted of it; the ledger received what they accepted."""
    inspected: Counter[tuple[str, int]] = Counter()
    of_receipts: Counter[tuple[str, str]] = Counter()
    query = (
        "SELECT inspection.receipt_id, inspection.purchase_order_id, line_number, part_number, accepted_units, undone_at "
        "FROM inspection JOIN receipt ON receipt.dealer_id = inspection.dealer_id AND receipt.id = inspection.receipt_id "
        "WHERE inspection.dealer_id = :dealer"
    )
    for row in books.rows("parts", query):
        of_receipts[row["receipt_id"], row["part_number"]] += row["accepted_units"]
        if row["undone_at"] is None:
            inspected[row["purchase_order_id"], row["line_number"]] += row["accepted_units"]
    lines = "SELECT purchase_order_id, number, received_units FROM purchase_line WHERE dealer_id = :dealer"
    for row in books.rows("parts", lines):
        accepted = inspected.pop((row["purchase_order_id"], row["number"]), 0)
        if row["received_units"] != accepted:
            told = {"order": row["purchase_order_id"], "line": row["number"], "received": row["received_units"]}
            yield Finding("I35", dealer, text("cli.finding.purchase_received", **told, accepted=accepted))
    for (order, line), units in inspected.items():
        if units:
            yield Finding(
                "I35", dealer, text("cli.finding.purchase_received", order=order, line=line, received=0, accepted=units)
            )
    ledger = (
        "SELECT document_id, part_number, SUM(quantity_units) AS units FROM stock_move JOIN receipt "
        "ON receipt.dealer_id = stock_move.dealer_id AND receipt.id = stock_move.document_id "
        "WHERE stock_move.dealer_id = :dealer AND kind = 'received' AND purchase_order_id IS NOT NULL "
        "GROUP BY document_id, part_number"
    )
    moved = {(row["document_id"], row["part_number"]): int(row["units"]) for row in books.rows("parts", ledger)}
    for key in sorted(moved.keys() | +of_receipts):
        if moved.get(key, 0) != of_receipts[key]:
            told = {"receipt": key[0], "part": key[1], "moved": moved.get(key, 0)}
            yield Finding("I35", dealer, text("cli.finding.purchase_moved", **told, accepted=of_receipts[key]))
