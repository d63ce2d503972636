"""The other invariants, one function each: (books of one dealer) -> what breaks it. Written against the tables only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from servicelane.invariants.books import Books, Finding, Row
from servicelane.invariants.deliveries import deliveries

KEYS = (
    ("workshop", "work_order", "number"),
    ("workshop", "work_order", "appointment_id"),
    ("workshop", "delivery", "work_order_id", "revision"),
    ("workshop", "estimate", "work_order_id", "estimate_version"),
    ("workshop", "menu_price", "operation_code"),
    ("workshop", "order_line", "work_order_id", "number"),
    ("parts", "deduction", "work_order_id", "revision"),
    ("parts", "part", "number"),
    ("parts", "parts_task", "work_order_id", "revision", "kind", "line_id", "part_number"),
    ("parts", "price_list_chunk", "edition", "chunk"),
    ("parts", "receipt", "reference"),
    ("parts", "reservation", "work_order_id"),
    ("parts", "reservation_line", "reservation_id", "line_id", "asked_for"),
    ("billing", "gate_pass", "work_order_id", "revision"),
    ("billing", "gate_pass", "code"),
    ("billing", "invoice", "series", "year", "sequence_number"),
    ("billing", "invoice", "work_order_id", "payer", "revision", "kind"),
    ("billing", "tax_number", "tax_number"),
    ("billing", "tax_rate", "effective_on"),
    ("billing", "payment", "method", "provider_reference"),
    ("billing", "share", "account_id", "revision", "payer"),
    ("crm", "follow_up", "work_order_id", "revision"),
    ("crm", "vehicle", "vin"),
    ("crm", "declined_work", "follow_up_id", "line_id"),
    ("crm", "follow_up_attempt", "follow_up_id", "number"),
)
"""Service, table and columns of every business key; all of them are a dealer's."""


def business_keys(books: Books, dealer: str) -> Iterator[Finding]:
    """I2: no business key twice."""
    for service, table, *columns in KEYS:
        named = ", ".join(columns)
        present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        where = f"dealer_id = :dealer AND {present}"
        query = f"SELECT {named}, count(*) AS times FROM {table} WHERE {where} GROUP BY {named} HAVING count(*) > 1"
        for row in books.rows(service, query):
            yield Finding("I2", dealer, f"{service}.{table} {[row[column] for column in columns]} is there {row['times']} times")


def stock(books: Books, dealer: str) -> Iterator[Finding]:
    """I3: sum of moves = balance; reserved = sum of open reservations; nothing negative in the house."""
    sums: Counter[tuple[str, str]] = Counter()
    for move in books.rows(
        "parts", "SELECT part_number, from_location, to_location, quantity_units FROM stock_move WHERE dealer_id = :dealer"
    ):
        sums[move["part_number"], move["from_location"]] -= move["quantity_units"]
        sums[move["part_number"], move["to_location"]] += move["quantity_units"]
    reserved: Counter[str] = Counter()
    for line in books.rows(
        "parts",
        "SELECT line.number, line.reserved_units FROM reservation_line line "
        "JOIN reservation whole ON whole.dealer_id = line.dealer_id AND whole.id = line.reservation_id "
        "WHERE line.dealer_id = :dealer AND whole.state = 'open'",
    ):
        reserved[line["number"]] += line["reserved_units"]
    balances = books.rows(
        "parts", "SELECT part_number, location, quantity_units, reserved_units FROM stock_balance WHERE dealer_id = :dealer"
    )
    for row in balances:
        name = f"{row['part_number']} in {row['location']}"
        moved = sums.pop((row["part_number"], row["location"]), 0)
        if row["quantity_units"] != moved:
            yield Finding("I3", dealer, f"{name}: balance {row['quantity_units']}, moves {moved}")
        if row["location"] in ("bin", "wip", "scrap", "transit") and row["quantity_units"] < 0:
            yield Finding("I3", dealer, f"{name} is negative: {row['quantity_units']}")
        expected = reserved.pop(row["part_number"], 0) if row["location"] == "bin" else 0
        if row["reserved_units"] != expected:
            yield Finding("I3", dealer, f"{name}: reserved {row['reserved_units']}, open reservations {expected}")
    yield from (Finding("I3", dealer, f"{key}: moved {units}, but no balance") for key, units in sums.items() if units)
    yield from (
        Finding("I3", dealer, f"{part}: reserved {units}, but no stock in the bin") for part, units in reserved.items() if units
    )


def numbers(books: Books, dealer: str) -> Iterator[Finding]:
    """I4: invoice numbers have no gap and no double in their series and year."""
    series: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in books.rows("billing", "SELECT series, year, sequence_number FROM invoice WHERE dealer_id = :dealer"):
        series[row["series"], row["year"]].append(row["sequence_number"])
    for key, found in series.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            missing = sorted(set(range(1, max(found) + 1)) - set(found))
            double = sorted(number for number, times in Counter(found).items() if times > 1)
            yield Finding("I4", dealer, f"series {key}: missing {missing}, double {double}")


def totals(books: Books, dealer: str) -> Iterator[Finding]:
    """I5: an invoice's total is its lines and their tax; the shares of a delivery add up and are what each payer was billed."""
    billed: dict[tuple[str, int, str], Row] = {}
    for row in books.rows(
        "billing",
        "SELECT number, kind, work_order_id, revision, payer, net_minor, tax_minor, total_minor, document "
        "FROM invoice WHERE dealer_id = :dealer",
        json_columns=("document",),
    ):
        for column, name in (("net_minor", "net"), ("tax_minor", "tax"), ("total_minor", "gross")):
            summed = sum(_minor(line[name]) for line in row["document"]["lines"])
            if summed != row[column]:
                yield Finding("I5", dealer, f"{row['number']}: {name} {row[column]}, lines {summed}")
        if row["net_minor"] + row["tax_minor"] != row["total_minor"]:
            yield Finding("I5", dealer, f"{row['number']}: net and tax are not the total")
        if row["kind"] == "invoice":
            billed[row["work_order_id"], row["revision"], row["payer"]] = row
    for row in books.rows(
        "workshop",
        "SELECT work_order_id, revision, settlement FROM delivery WHERE dealer_id = :dealer",
        json_columns=("settlement",),
    ):
        signed = row["settlement"]
        name = f"work order {row['work_order_id']} revision {row['revision']}"
        total = _minor(signed["total"])
        for what, parts in (("lines", signed["lines"]), ("payers", signed["payers"])):
            if sum(_minor(one["amount"]) for one in parts) != total:
                yield Finding("I5", dealer, f"{name}: the {what} do not add up to the {total} that were signed")
        column = "total_minor" if signed["tax_mode"] == "inclusive" else "net_minor"
        for share in signed["payers"]:
            owed, invoice = _minor(share["amount"]), billed.get((row["work_order_id"], row["revision"], share["payer"]))
            if invoice is not None and invoice[column] != owed:
                yield Finding("I5", dealer, f"{name}: {share['payer']} signed {owed}, was billed {invoice[column]}")


def events(books: Books, dealer: str) -> Iterator[Finding]:
    """I6: each change that the contracts declare published has its event, and the other way round."""
    pairs = (
        (
            "workshop",
            "workshop.work_order.delivered",
            "SELECT work_order_id AS a, revision AS b FROM delivery WHERE dealer_id = :dealer",
        ),
        (
            "workshop",
            "workshop.work_order.delivery_reversed",
            "SELECT work_order_id AS a, revision AS b FROM delivery WHERE dealer_id = :dealer AND reversed_at IS NOT NULL",
        ),
        (
            "parts",
            "parts.deduction.deducted",
            "SELECT work_order_id AS a, revision AS b FROM deduction WHERE dealer_id = :dealer",
        ),
        ("crm", "crm.follow_up.scheduled", "SELECT work_order_id AS a, revision AS b FROM follow_up WHERE dealer_id = :dealer"),
        (
            "billing",
            "billing.invoice.issued",
            "SELECT work_order_id AS a, revision AS b FROM invoice WHERE dealer_id = :dealer AND kind = 'invoice'",
        ),
        (
            "billing",
            "billing.invoice.credited",
            "SELECT work_order_id AS a, revision AS b FROM invoice WHERE dealer_id = :dealer AND kind = 'credit_note'",
        ),
    )
    for service, kind, query in pairs:
        rows = Counter((row["a"], row["b"]) for row in books.rows(service, query))
        announced = Counter((one["data"]["work_order_id"], one["data"]["revision"]) for one in books.events(service, kind))
        for key in sorted((rows - announced) | (announced - rows)):
            yield Finding("I6", dealer, f"{kind} for {key}: {rows[key]} changes, {announced[key]} events")


def nothing_waits(books: Books, dealer: str) -> Iterator[Finding]:
    """I7: nothing pending in any outbox, nothing parked."""
    for service in books.services:
        for row in books.rows(service, "SELECT id, type, reason FROM outbox WHERE dealer_id = :dealer AND sent_at IS NULL"):
            yield Finding("I7", dealer, f"{service} has not sent {row['type']} {row['id']}: {row['reason']}")
        for row in books.rows(
            service,
            "SELECT subscriber, message_id, kind, reason FROM parked_message WHERE dealer_id = :dealer OR dealer_id IS NULL",
        ):
            yield Finding("I7", dealer, f"{row['subscriber']} holds {row['message_id']} ({row['kind']}): {row['reason']}")


def one_dealer(books: Books, dealer: str) -> Iterator[Finding]:
    """I8: what belongs to one work order carries one dealer in every service."""
    orders = {row["id"] for row in books.rows("workshop", "SELECT id FROM work_order WHERE dealer_id = :dealer")}
    for service, table in (("billing", "invoice"), ("parts", "deduction"), ("crm", "follow_up"), ("billing", "gate_pass")):
        for row in books.rows(service, f"SELECT DISTINCT work_order_id AS id FROM {table} WHERE dealer_id = :dealer"):
            if row["id"] not in orders:
                yield Finding("I8", dealer, f"{service}.{table} of work order {row['id']}, which is not an order of this dealer")


@dataclass(frozen=True)
class _Followed:
    """Facts of one service that others keep a copy of: `part` of what these events say, in `table`."""

    publisher: str
    kinds: tuple[str, ...]
    part: str
    table: str
    kept: dict[str, tuple[str, ...]] = field(hash=False)
    """By keeper: the columns its copy is in; `facts` holds the part as it came."""


FOLLOWED = (
    _Followed(
        "crm",
        ("crm.customer.recorded",),
        "customer",
        "known_customer",
        {"booking": ("name", "phone", "email", "preferred_channel"), "workshop": ("facts",)},
    ),
    _Followed(
        "crm",
        ("crm.vehicle.recorded",),
        "vehicle",
        "known_vehicle",
        {"booking": ("customer_id", "vin", "plate", "make", "model"), "workshop": ("facts",)},
    ),
    _Followed(
        "booking",
        tuple(f"booking.appointment.{what}" for what in ("booked", "confirmed", "rescheduled", "cancelled", "arrived", "missed")),
        "appointment",
        "followed_appointment",
        {"workshop": ("facts",)},
    ),
)


def projections(books: Books, dealer: str) -> Iterator[Finding]:
    """I10: a projection holds what its newest event said, whatever order they came in."""
    for one in FOLLOWED:
        announced = [event for kind in one.kinds for event in books.events(one.publisher, kind)]
        newest = {event["subject"]: event for event in sorted(announced, key=lambda event: int(event["sequence"]))}
        for service, columns in one.kept.items():
            query = f"SELECT id, sequence, {', '.join(columns)} FROM {one.table} WHERE dealer_id = :dealer"
            rows = books.rows(service, query, json_columns={"facts"} & set(columns))
            kept = {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in rows}
            expected = {subject: _as_kept(event, one.part, columns) for subject, event in newest.items()}
            for subject in kept.keys() | expected.keys():
                if kept.get(subject) != expected.get(subject):
                    what = f"{service}.{one.table} {subject} holds {kept.get(subject)}, announced was {expected.get(subject)}"
                    yield Finding("I10", dealer, what)


def _as_kept(event: Row, part: str, columns: tuple[str, ...]) -> Row:
    said = {**event["data"], **event["data"][part], "facts": event["data"][part]}
    return {"sequence": event["sequence"], **{column: said.get(column) for column in columns}}


Check = Callable[[Books, str], Iterable[Finding]]

ALL: tuple[Check, ...] = (
    deliveries,
    business_keys,
    stock,
    numbers,
    totals,
    events,
    nothing_waits,
    one_dealer,
    projections,
)


def check(books: Books, checks: Iterable[Check] = ALL, *, dealer: str | None = None) -> list[Finding]:
    """Run checks over one dealer or all of them; an empty list is the proof."""
    found: list[Finding] = []
    chosen = list(checks)
    for one in books.dealers() if dealer is None else [dealer]:
        books.turn_to(one)
        for invariant in chosen:
            found += invariant(books, one)
    return found


def _minor(money: dict[str, Any]) -> int:
    whole, _, fraction = money["amount"].partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * int(whole.lstrip("-") + fraction)
