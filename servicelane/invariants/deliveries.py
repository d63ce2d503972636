"""I1, the one that `servicelane reconcile` proves every day: each delivery has its effects, each reversed one has none left."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from locales import sentence
from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import language, text

Delivery = tuple[str, int]
"""Work order and revision."""
Lines = Counter[str]
"""Thousandths of parts by line of the order."""


def deliveries(books: Books, dealer: str) -> Iterator[Finding]:
    """I1: each delivery has one invoice per payer, one set of moves, one follow-up; each reversed one is taken back in full."""
    delivered = books.rows(
        "workshop",
        "SELECT work_order_id, revision, settlement, reversed_at FROM delivery WHERE dealer_id = :dealer",
        json_columns=("settlement",),
    )
    invoices = _by_delivery(
        books.rows(
            "billing",
            "SELECT id, kind, credits, payer, work_order_id, revision, total_minor FROM invoice WHERE dealer_id = :dealer",
        )
    )
    deductions = _by_delivery(
        books.rows("parts", "SELECT id, work_order_id, revision, undone_at FROM deduction WHERE dealer_id = :dealer")
    )
    follow_ups = _by_delivery(books.rows("crm", "SELECT work_order_id, revision, state FROM follow_up WHERE dealer_id = :dealer"))
    moved = _moved(books)
    announced = _announced(books, "workshop.work_order.delivered")
    undone = _announced(books, "workshop.work_order.delivery_reversed")
    for row in delivered:
        if books.since is not None and _last_change(row) < books.since:
            continue
        key = (row["work_order_id"], row["revision"])
        lines = row["settlement"]["lines"]
        payers = {share["payer"] for line in lines for share in line["shares"]}
        billed = [one for one in invoices[key] if one["kind"] == "invoice"]
        effects = {
            **{("invoice", payer): sum(one["payer"] == payer for one in billed) for payer in payers},
            ("deduction", None): len(deductions[key]),
            ("follow_up", None): len(follow_ups[key]),
        }
        for (effect, payer), count in effects.items():
            if count == 0:
                yield Finding("I1", dealer, _of(key, _said(f"{effect}.missing", payer=payer)), announced.get(key))
            elif count > 1:
                yield Finding("I1", dealer, _of(key, _said(f"{effect}.double", payer=payer, times=count)))
        for one in billed:
            if one["payer"] not in payers:
                yield Finding("I1", dealer, _of(key, _said("invoice.unexpected", payer=one["payer"])))
        for one in deductions[key]:
            if (gone := moved["deducted", one["id"]]) != (installed := _installed(lines)):
                what = text("cli.finding.off_stock", taken=dict(gone), installed=dict(installed))
                yield Finding("I1", dealer, _of(key, what))
        if row["reversed_at"] is not None:
            yield from (
                Finding("I1", dealer, _of(key, what), undone.get(key))
                for what in _not_taken_back(invoices[key], deductions[key], follow_ups[key], moved)
            )
    known = {(row["work_order_id"], row["revision"]) for row in delivered}
    for code, found in (
        ("cli.finding.invoice_undelivered", invoices),
        ("cli.finding.deduction_undelivered", deductions),
        ("cli.finding.follow_up_undelivered", follow_ups),
    ):
        for order, revision in found.keys() - known:
            yield Finding("I1", dealer, text(code, order=order, revision=revision))


def _of(key: Delivery, what: str) -> str:
    """What is wrong with a delivery, in the words of the gateway, which finds most of it too."""
    return _said("delivery", work_order_id=key[0], revision=key[1], finding=what)


def _said(code: str, **values: Any) -> str:
    return sentence(f"finding.{code}", language(), **values)


def _last_change(delivery: Row) -> datetime:
    reversed_at = delivery["reversed_at"]
    if isinstance(reversed_at, str):  # SQLite gives back the text it stored, without the zone
        reversed_at = datetime.fromisoformat(reversed_at).replace(tzinfo=UTC)
    return reversed_at or datetime.fromisoformat(delivery["settlement"]["delivered_at"])


def _not_taken_back(
    invoices: list[Row], deductions: list[Row], follow_ups: list[Row], moved: Mapping[tuple[str, str], Lines]
) -> Iterator[str]:
    credited = Counter(one["credits"] for one in invoices if one["kind"] == "credit_note")
    for one in invoices:
        if one["kind"] == "invoice" and (times := credited[one["id"]]) != 1:
            yield _said("credit_note.double" if times else "credit_note.missing", invoice_id=one["id"], times=times)
    if sum(one["total_minor"] for one in invoices) != 0:
        yield _said("credit_note.unequal")
    if any(one["undone_at"] is None or moved["undone", one["id"]] != moved["deducted", one["id"]] for one in deductions):
        yield _said("deduction.not_taken_back")
    if any(one["state"] != "cancelled" for one in follow_ups):
        yield _said("follow_up.not_taken_back")


def _installed(lines: Iterable[Mapping[str, Any]]) -> Lines:
    return +Counter({line["line_id"]: int(Decimal(line["quantity"]) * 1000) for line in lines if line["kind"] == "part"})


def _moved(books: Books) -> Mapping[tuple[str, str], Lines]:
    """What moved by (kind of move, deduction)."""
    moved: dict[tuple[str, str], Lines] = defaultdict(Counter)
    for move in books.rows(
        "parts",
        "SELECT kind, document_id, line_id, quantity_units FROM stock_move "
        "WHERE dealer_id = :dealer AND kind IN ('deducted', 'undone')",
    ):
        moved[move["kind"], move["document_id"]][move["line_id"]] += move["quantity_units"]
    return moved


def _announced(books: Books, kind: str) -> Mapping[Delivery, str]:
    return {(one["subject"], one["data"]["revision"]): one["id"] for one in books.events("workshop", kind)}


def _by_delivery(rows: Iterable[Row]) -> dict[Delivery, list[Row]]:
    grouped: dict[Delivery, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["work_order_id"], row["revision"]].append(row)
    return grouped
