"""I1, the one that `servicelane reconcile` proves every day: each delivery has its effects, each reversed one has none left."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from servicelane.invariants.books import Books, Finding, Row

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
        name = f"work order {key[0]} revision {key[1]}"
        lines = row["settlement"]["lines"]
        payers = {share["payer"] for line in lines for share in line["shares"]}
        billed = [one for one in invoices[key] if one["kind"] == "invoice"]
        effects = {
            **{f"invoice of {payer}": sum(one["payer"] == payer for one in billed) for payer in payers},
            "deduction": len(deductions[key]),
            "follow-up": len(follow_ups[key]),
        }
        for effect, count in effects.items():
            if count != 1:
                heals = announced.get(key) if count == 0 else None
                yield Finding("I1", dealer, f"{name} has {count} times: {effect}", heals)
        for one in billed:
            if one["payer"] not in payers:
                yield Finding("I1", dealer, f"{name} has an invoice of {one['payer']}, who pays nothing")
        for one in deductions[key]:
            if (gone := moved["deducted", one["id"]]) != _installed(lines):
                yield Finding("I1", dealer, f"{name} took {dict(gone)} off stock, installed are {dict(_installed(lines))}")
        if row["reversed_at"] is not None:
            yield from (
                Finding("I1", dealer, f"{name} is reversed, but {what}", undone.get(key))
                for what in _not_taken_back(invoices[key], deductions[key], follow_ups[key], moved)
            )
    known = {(row["work_order_id"], row["revision"]) for row in delivered}
    for what, found in (("invoice", invoices), ("deduction", deductions), ("follow-up", follow_ups)):
        for key in found.keys() - known:
            yield Finding("I1", dealer, f"{what} for work order {key[0]} revision {key[1]}, which was never delivered")


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
        if one["kind"] == "invoice" and credited[one["id"]] != 1:
            yield f"invoice {one['id']} has {credited[one['id']]} credit notes"
    if sum(one["total_minor"] for one in invoices) != 0:
        yield "invoices and credit notes do not add up to nothing"
    if any(one["undone_at"] is None or moved["undone", one["id"]] != moved["deducted", one["id"]] for one in deductions):
        yield "its parts are still off stock"
    if any(one["state"] != "cancelled" for one in follow_ups):
        yield "its follow-up is not cancelled"


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
