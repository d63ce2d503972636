"""The other invariants, one function each: (books of one dealer) -> what breaks it. Written against the tables only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from servicelane.invariants.batteries import batteries
from servicelane.invariants.books import Books, Finding, Row
from servicelane.invariants.calls import calls
from servicelane.invariants.clocks import clocks
from servicelane.invariants.custody import custody
from servicelane.invariants.declined import declined
from servicelane.invariants.deliveries import deliveries
from servicelane.invariants.departures import departures
from servicelane.invariants.evidence import evidence
from servicelane.invariants.histories import histories
from servicelane.invariants.isolations import isolations
from servicelane.invariants.loans import loans
from servicelane.invariants.money import held, moved_money, owed, parts_of_money
from servicelane.invariants.projections import projections
from servicelane.invariants.promises import promises
from servicelane.invariants.purchases import purchases
from servicelane.invariants.signatures import signatures
from servicelane.invariants.special_orders import order_parts, special_orders
from servicelane.invariants.stock import stock, value
from servicelane.invariants.stocktakes import stocktakes
from servicelane.invariants.warranties import warranties
from servicelane.texts import text

KEYS = (
    ("workshop", "work_order", "number"),
    ("workshop", "work_order", "appointment_id"),
    ("workshop", "delivery", "work_order_id", "revision"),
    ("workshop", "lane_car", "ticket_day", "ticket"),
    ("workshop", "lane_car", "plate_key"),
    ("workshop", "lane_car", "vehicle_id"),
    ("workshop", "estimate", "work_order_id", "estimate_version"),
    ("workshop", "promise_revision", "work_order_id", "revision_number"),
    ("workshop", "progress_report", "work_order_id", "kind", "occasion"),
    ("workshop", "promise_risk", "work_order_id", "promised_at"),
    ("workshop", "menu_price", "operation_code"),
    ("workshop", "equipment", "code_key"),
    ("workshop", "tool_loan", "equipment_id"),
    ("workshop", "isolation", "work_order_id"),
    ("workshop", "isolation_step", "isolation_id", "number"),
    ("workshop", "order_line", "work_order_id", "number"),
    ("workshop", "leg", "appointment_id", "trip", "direction"),
    ("workshop", "leg", "work_order_id", "trip", "direction"),
    ("workshop", "delivery_time", "work_order_id"),
    ("workshop", "observation", "work_order_id", "job"),
    ("workshop", "filed_paper", "work_order_id", "attachment_id", "attempt"),
    ("workshop", "completion_certificate", "work_order_id", "revision", "attempt"),
    ("workshop", "health_record", "work_order_id", "revision"),
    ("workshop", "completion_certificate", "year", "sequence_number"),
    ("workshop", "signing_link", "token_hash"),
    ("workshop", "visit_link", "token_hash"),
    ("booking", "loaner", "plate_key"),
    ("booking", "briefing", "day"),
    ("booking", "briefed_car", "briefing_id", "appointment_id"),
    ("booking", "loan", "appointment_id"),
    ("booking", "loan", "loaner_id"),
    ("parts", "deduction", "work_order_id", "revision"),
    ("parts", "part", "number"),
    ("parts", "part", "number_key"),
    ("parts", "part", "barcode_key"),
    ("parts", "parts_task", "work_order_id", "revision", "kind", "line_id", "part_number"),
    ("parts", "price_list_chunk", "edition", "chunk"),
    ("parts", "supply_notice", "edition"),
    ("parts", "receipt", "supplier_key", "reference_key", "booking"),
    ("parts", "reservation", "work_order_id"),
    ("parts", "reservation_line", "reservation_id", "line_id", "asked_for", "number"),
    ("parts", "special_order", "appointment_id", "asked_for"),
    ("parts", "order_part", "work_order_id", "asked_for"),
    ("parts", "stock_level", "part_number"),
    ("parts", "low_part", "part_number"),
    ("parts", "inspection", "receipt_id", "line_number"),
    ("parts", "purchase_line", "purchase_order_id", "number"),
    ("parts", "purchase_order", "number"),
    ("parts", "stock_count", "stocktake_id", "batch", "part_number"),
    ("parts", "stock_move", "document_id", "part_number"),
    ("parts", "stocktake", "number"),
    ("parts", "supplier", "code_key"),
    ("parts", "supplier_part", "supplier_id", "part_number"),
    ("parts", "supplier_part", "part_number"),
    ("billing", "gate_pass", "work_order_id", "revision"),
    ("billing", "gate_pass", "code"),
    ("billing", "invoice", "series", "year", "sequence_number"),
    ("billing", "invoice", "work_order_id", "payer", "revision", "kind", "receipt"),
    ("billing", "tax_number", "number_key"),
    ("billing", "tax_rate", "effective_on"),
    ("billing", "tender", "direction", "method", "provider", "reference"),
    ("billing", "share", "account_id", "revision", "payer"),
    ("crm", "call", "kind", "appointment_id", "missed_at"),
    ("crm", "invitation", "vehicle_id", "reason", "day"),
    ("crm", "follow_up", "work_order_id", "revision"),
    ("crm", "vehicle", "vin"),
    ("crm", "declined_work", "follow_up_id", "line_id"),
    ("crm", "follow_up_attempt", "follow_up_id", "number"),
)
"""Service, table and columns of every business key; all of them are a dealer's."""

WHILE: dict[tuple[str, ...], str] = {
    ("workshop", "work_order", "appointment_id"): "status <> 'void'",
    ("workshop", "lane_car", "plate_key"): "left_at IS NULL AND vehicle_id IS NULL",
    ("workshop", "lane_car", "vehicle_id"): "left_at IS NULL",
    ("workshop", "tool_loan", "equipment_id"): "returned_at IS NULL",
    ("workshop", "isolation", "work_order_id"): "ended_at IS NULL",
    ("workshop", "leg", "appointment_id", "trip", "direction"): "state NOT IN ('failed', 'cancelled')",
    ("workshop", "leg", "work_order_id", "trip", "direction"): "state NOT IN ('failed', 'cancelled')",
    ("workshop", "observation", "work_order_id", "job"): "ended_at IS NULL",
    ("workshop", "delivery_time", "work_order_id"): "state = 'booked'",
    ("parts", "supplier_part", "part_number"): "preferred",
    ("parts", "stock_move", "document_id", "part_number"): "kind = 'corrected'",
    ("booking", "loan", "appointment_id"): "state <> 'cancelled'",
    ("booking", "loan", "loaner_id"): "state = 'handed_over'",
}
"""Keys that only some rows keep: the appointment of a void order may open another one, a car comes to the lane again."""


def business_keys(books: Books, dealer: str) -> Iterator[Finding]:
    """I2: no business key twice."""
    for service, table, *columns in (key for key in KEYS if key[0] in books.services):
        named = ", ".join(columns)
        present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        where = f"dealer_id = :dealer AND {present} AND {WHILE.get((service, table, *columns), '1 = 1')}"
        query = f"SELECT {named}, count(*) AS times FROM {table} WHERE {where} GROUP BY {named} HAVING count(*) > 1"
        for row in books.rows(service, query):
            key = [row[column] for column in columns]
            yield Finding("I2", dealer, text("cli.finding.key_twice", table=f"{service}.{table}", key=key, times=row["times"]))


def numbers(books: Books, dealer: str) -> Iterator[Finding]:
    """I4: invoice numbers have no gap and no double in their series and year; none that was told is without its document."""
    series: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in books.rows("billing", "SELECT series, year, sequence_number FROM invoice WHERE dealer_id = :dealer"):
        series[row["series"], row["year"]].append(row["sequence_number"])
    for key, found in series.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            missing = sorted(set(range(1, max(found) + 1)) - set(found))
            double = sorted(number for number, times in Counter(found).items() if times > 1)
            yield Finding("I4", dealer, text("cli.finding.series", series=key, missing=missing, double=double))
    for row in books.rows("billing", "SELECT id, series, year, sequence_number FROM recalled_number WHERE dealer_id = :dealer"):
        number = f"{row['series']}-{row['year']}-{row['sequence_number']:06d}"
        yield Finding("I4", dealer, text("cli.finding.recalled", number=number, document=row["id"]))


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
                what = text("cli.finding.sum", invoice=row["number"], name=name, amount=row[column], lines=summed)
                yield Finding("I5", dealer, what)
        if row["net_minor"] + row["tax_minor"] != row["total_minor"]:
            yield Finding("I5", dealer, text("cli.finding.total", invoice=row["number"]))
        if row["kind"] == "invoice":
            billed[row["work_order_id"], row["revision"], row["payer"]] = row
    for row in books.rows(
        "workshop",
        "SELECT work_order_id, revision, settlement FROM delivery WHERE dealer_id = :dealer",
        json_columns=("settlement",),
    ):
        signed = row["settlement"]
        delivery = {"order": row["work_order_id"], "revision": row["revision"]}
        total = _minor(signed["total"])
        for code, parts in (("cli.finding.lines", signed["lines"]), ("cli.finding.payers", signed["payers"])):
            if sum(_minor(one["amount"]) for one in parts) != total:
                yield Finding("I5", dealer, text(code, **delivery, total=total))
        for share in signed["payers"]:
            invoice = billed.get((row["work_order_id"], row["revision"], share["payer"]))
            for name, column in (("gross", "total_minor"), ("tax", "tax_minor")):
                owed = _minor(share[name])
                if invoice is not None and invoice[column] != owed:
                    what = text("cli.finding.billed", **delivery, payer=share["payer"], signed=owed, billed=invoice[column])
                    yield Finding("I5", dealer, what)


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
            "SELECT work_order_id AS a, revision AS b FROM invoice WHERE dealer_id = :dealer AND kind <> 'invoice'",
        ),
    )
    for service, kind, query in pairs:
        rows = Counter((row["a"], row["b"]) for row in books.rows(service, query))
        announced = Counter((one["data"]["work_order_id"], one["data"]["revision"]) for one in books.events(service, kind))
        for key in sorted((rows - announced) | (announced - rows)):
            what = text("cli.finding.events", type=kind, key=key, changes=rows[key], events=announced[key])
            yield Finding("I6", dealer, what)


def nothing_waits(books: Books, dealer: str) -> Iterator[Finding]:
    """I7: nothing pending in any outbox, nothing parked."""
    for service in books.services:
        for row in books.rows(service, "SELECT id, type, reason FROM outbox WHERE dealer_id = :dealer AND sent_at IS NULL"):
            yield Finding("I7", dealer, text("cli.finding.unsent", service=service, **row))
        for row in books.rows(
            service,
            "SELECT subscriber, message_id, kind, reason FROM parked_message WHERE dealer_id = :dealer OR dealer_id IS NULL",
        ):
            yield Finding("I7", dealer, text("cli.finding.parked", **row))


def one_dealer(books: Books, dealer: str) -> Iterator[Finding]:
    """I8: what belongs to one work order carries one dealer in every service."""
    orders = {row["id"] for row in books.rows("workshop", "SELECT id FROM work_order WHERE dealer_id = :dealer")}
    for service, table in (("billing", "invoice"), ("parts", "deduction"), ("crm", "follow_up"), ("billing", "gate_pass")):
        for row in books.rows(service, f"SELECT DISTINCT work_order_id AS id FROM {table} WHERE dealer_id = :dealer"):
            if row["id"] not in orders:
                yield Finding("I8", dealer, text("cli.finding.other_dealer", table=f"{service}.{table}", order=row["id"]))


Check = Callable[[Books, str], Iterable[Finding]]

ALL: tuple[Check, ...] = (
    deliveries,
    business_keys,
    stock,
    value,
    numbers,
    totals,
    events,
    nothing_waits,
    one_dealer,
    projections,
    departures,
    parts_of_money,
    moved_money,
    owed,
    held,
    clocks,
    signatures,
    calls,
    evidence,
    loans,
    special_orders,
    order_parts,
    warranties,
    custody,
    declined,
    promises,
    isolations,
    batteries,
    histories,
    purchases,
    stocktakes,
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
