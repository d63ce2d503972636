"""What the stock ledger, its balances and the reservations must agree about; written against the tables only."""

from collections import Counter
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text


def stock(books: Books, dealer: str) -> Iterator[Finding]:
    """I3: sum of moves = balance; nothing negative in the house; reserved = sum of open reservations, and lies in the bin."""
    balances = books.rows(
        "parts", "SELECT part_number, location, quantity_units, reserved_units FROM stock_balance WHERE dealer_id = :dealer"
    )
    yield from _moves_add_up(books, dealer, balances)
    yield from _reserved_is_there(books, dealer, balances)


def value(books: Books, dealer: str) -> Iterator[Finding]:
    """I3: what a balance is worth is what its moves brought and took."""
    sums = _moved(books, "value_milli")
    for row in books.rows("parts", "SELECT part_number, location, value_milli FROM stock_balance WHERE dealer_id = :dealer"):
        worth, moved = row["value_milli"], sums[row["part_number"], row["location"]]
        if worth != moved:
            place = {"part": row["part_number"], "location": row["location"]}
            yield Finding("I3", dealer, text("cli.finding.value", **place, value=worth, moves=moved))


def _moved(books: Books, column: str) -> Counter[tuple[str, str]]:
    """What all moves together brought to each part and location, and took from there."""
    sums: Counter[tuple[str, str]] = Counter()
    query = f"SELECT part_number, from_location, to_location, {column} FROM stock_move WHERE dealer_id = :dealer"
    for move in books.rows("parts", query):
        sums[move["part_number"], move["from_location"]] -= move[column]
        sums[move["part_number"], move["to_location"]] += move[column]
    return sums


def _moves_add_up(books: Books, dealer: str, balances: list[Row]) -> Iterator[Finding]:
    sums = _moved(books, "quantity_units")
    for row in balances:
        place = {"part": row["part_number"], "location": row["location"]}
        balance = row["quantity_units"]
        moved = sums.pop((row["part_number"], row["location"]), 0)
        if balance != moved:
            yield Finding("I3", dealer, text("cli.finding.balance", **place, balance=balance, moves=moved))
        if row["location"] in ("bin", "wip", "scrap", "transit") and balance < 0:
            yield Finding("I3", dealer, text("cli.finding.negative", **place, balance=balance))
    for key, units in sums.items():
        if units:
            yield Finding("I3", dealer, text("cli.finding.no_balance", key=key, units=units))


def _reserved_is_there(books: Books, dealer: str, balances: list[Row]) -> Iterator[Finding]:
    reserved: Counter[str] = Counter()
    for line in books.rows(
        "parts",
        "SELECT line.number, line.reserved_units FROM reservation_line line "
        "JOIN reservation whole ON whole.dealer_id = line.dealer_id AND whole.id = line.reservation_id "
        "WHERE line.dealer_id = :dealer AND whole.state = 'open'",
    ):
        reserved[line["number"]] += line["reserved_units"]
    for row in balances:
        in_bin, held = row["location"] == "bin", row["reserved_units"]
        expected = reserved.pop(row["part_number"], 0) if in_bin else 0
        if held != expected:
            place = {"part": row["part_number"], "location": row["location"]}
            yield Finding("I3", dealer, text("cli.finding.reserved", **place, reserved=held, open=expected))
        if in_bin and held > row["quantity_units"]:
            what = text("cli.finding.phantom", part=row["part_number"], reserved=held, bin=row["quantity_units"])
            yield Finding("I3", dealer, what)
    for part, units in reserved.items():
        if units:
            yield Finding("I3", dealer, text("cli.finding.no_stock", part=part, units=units))
