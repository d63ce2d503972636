"""I36: what a stocktake found to differ is what the ledger was corrected by; the bins of open ones are frozen, and no others."""

from collections import Counter
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text


def stocktakes(books: Books, dealer: str) -> Iterator[Finding]:
    """I36: an approved difference is booked, each part once; every count is kept; what is frozen is on an open sheet."""
    yield from _booked(books, dealer)
    yield from _frozen(books, dealer)


def _booked(books: Books, dealer: str) -> Iterator[Finding]:
    moved: Counter[tuple[str, str]] = Counter()
    corrections = (
        "SELECT document_id, part_number, to_location, quantity_units FROM stock_move JOIN stocktake "
        "ON stocktake.dealer_id = stock_move.dealer_id AND stocktake.id = stock_move.document_id "
        "WHERE stock_move.dealer_id = :dealer"
    )
    for row in books.rows("parts", corrections):
        sign = 1 if row["to_location"] == "bin" else -1
        moved[row["document_id"], row["part_number"]] += sign * row["quantity_units"]
    counts: Counter[tuple[str, str]] = Counter()
    for row in books.rows("parts", "SELECT stocktake_id, part_number FROM stock_count WHERE dealer_id = :dealer"):
        counts[row["stocktake_id"], row["part_number"]] += 1
    lines = (
        "SELECT stocktake_id, line.part_number, counts, counted_units, book_units, adjusted_units, stocktake.state "
        "FROM stocktake_line line JOIN stocktake ON stocktake.dealer_id = line.dealer_id AND stocktake.id = line.stocktake_id "
        "WHERE line.dealer_id = :dealer"
    )
    for row in books.rows("parts", lines):
        key = row["stocktake_id"], row["part_number"]
        told = {"stocktake": key[0], "part": key[1]}
        kept = counts.pop(key, 0)
        if row["counts"] != kept:
            yield Finding("I36", dealer, text("cli.finding.stocktake_counts", **told, counts=row["counts"], kept=kept))
        difference = (row["counted_units"] or 0) - (row["book_units"] or 0)
        adjusted, by_ledger = row["adjusted_units"] or 0, moved.pop(key, 0)
        # What a delivery took since, the stocktake no longer takes away: less may be booked than was missing, never more.
        within = min(0, difference) <= adjusted <= max(0, difference) and (difference <= 0 or adjusted == difference)
        unbooked = row["state"] == "approved" and difference != 0 and row["adjusted_units"] is None
        if adjusted != by_ledger or unbooked or (row["state"] in ("approved", "booking") and adjusted and not within):
            what = {**told, "difference": difference, "adjusted": row["adjusted_units"], "moved": by_ledger}
            yield Finding("I36", dealer, text("cli.finding.stocktake_moved", **what))
    for (stocktake, part), units in moved.items():
        told = {"stocktake": stocktake, "part": part, "difference": 0, "adjusted": None}
        yield Finding("I36", dealer, text("cli.finding.stocktake_moved", **told, moved=units))


def _frozen(books: Books, dealer: str) -> Iterator[Finding]:
    frozen: Counter[str] = Counter()
    bins = "SELECT frozen_for FROM stock_balance WHERE dealer_id = :dealer AND frozen_for IS NOT NULL"
    for row in books.rows("parts", bins):
        frozen[row["frozen_for"]] += 1
    still = (
        "SELECT number, count(*) AS parts FROM stocktake JOIN stocktake_line line "
        "ON line.dealer_id = stocktake.dealer_id AND line.stocktake_id = stocktake.id WHERE stocktake.dealer_id = :dealer "
        "AND (stocktake.state = 'counting' OR "
        "(stocktake.state = 'booking' AND counted_units <> book_units AND adjusted_units IS NULL)) GROUP BY number"
    )
    on_sheets = {row["number"]: int(row["parts"]) for row in books.rows("parts", still)}
    for number in sorted(frozen.keys() | on_sheets.keys()):
        if frozen[number] != on_sheets.get(number, 0):
            told = {"stocktake": number, "frozen": frozen[number], "open": on_sheets.get(number, 0)}
            yield Finding("I36", dealer, text("cli.finding.stocktake_frozen", **told))
