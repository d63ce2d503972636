"""I1, read from the tables of all services at once; what it demands is said in `gateway.domain.effects`, for the gateway, too."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chassis.values import Money
from contracts.billing.answers import DeliveryInvoice
from contracts.crm.answers import DeliveryFollowUp
from contracts.parts.answers import DeliveryDeduction
from contracts.workshop.deliveries import DeliveryEntry
from gateway.domain.effects import HEALS, Effects, Proof
from servicelane.invariants.books import Books, Finding

Key = tuple[str, int]
"""Work order and delivery revision."""


def deliveries(books: Books, dealer: str) -> Iterator[Finding]:
    """I1: each delivery has one invoice per payer, one set of moves, one follow-up; each reversed one is taken back in full."""
    effects, delivered = _effects(books), _delivered(books)
    told, undone = (_event_ids(books, kind) for kind in ("delivered", "delivery_reversed"))
    for key, entry in delivered.items():
        if books.since is not None and entry.announced_at < books.since:
            continue
        for found in Proof(dealer, entry, effects[key]).findings():
            of_reversal = found.effect == "credit_note" or found.fault == "not_taken_back"
            event = (undone if of_reversal else told).get(key) if found.fault in HEALS else None
            yield Finding("I1", dealer, found.what, event)
    for key in effects.keys() - delivered.keys():
        there = effects[key]
        held = {"invoice": there.invoices, "deduction": there.deductions, "follow-up": there.follow_ups}
        for what in (name for name, rows in held.items() if rows):
            yield Finding("I1", dealer, f"{what} for work order {key[0]} revision {key[1]}, which was never delivered")


def _delivered(books: Books) -> dict[Key, DeliveryEntry]:
    rows = books.rows(
        "workshop",
        "SELECT work_order_id, revision, settlement, announced_at, reversed_at FROM delivery WHERE dealer_id = :dealer",
        json_columns=("settlement",),
    )
    return {
        (row["work_order_id"], row["revision"]): DeliveryEntry(
            work_order_id=row["work_order_id"],
            revision=row["revision"],
            payers=sorted({share["payer"] for line in row["settlement"]["lines"] for share in line["shares"]}),
            reversed=row["reversed_at"] is not None,
            announced_at=_time(row["announced_at"]),
        )
        for row in rows
    }


def _effects(books: Books) -> dict[Key, Effects]:
    found: dict[Key, Effects] = defaultdict(Effects)
    for row in books.rows(
        "billing",
        "SELECT id, kind, credits, payer, work_order_id, revision, currency, total_minor FROM invoice WHERE dealer_id = :dealer",
    ):
        facts = {name: row[name] for name in ("id", "kind", "credits", "payer", "work_order_id", "revision")}
        invoice = DeliveryInvoice(**facts, total=Money(row["total_minor"], row["currency"]))
        found[invoice.work_order_id, invoice.revision].invoices.append(invoice)
    for row in books.rows("parts", "SELECT work_order_id, revision, undone_at FROM deduction WHERE dealer_id = :dealer"):
        key = row["work_order_id"], row["revision"]
        found[key].deductions.append(
            DeliveryDeduction(work_order_id=key[0], revision=key[1], undone=row["undone_at"] is not None)
        )
    for row in books.rows("crm", "SELECT work_order_id, revision, state FROM follow_up WHERE dealer_id = :dealer"):
        key = row["work_order_id"], row["revision"]
        found[key].follow_ups.append(
            DeliveryFollowUp(work_order_id=key[0], revision=key[1], cancelled=row["state"] == "cancelled")
        )
    return found


def _event_ids(books: Books, what: str) -> dict[Key, str]:
    events = books.events("workshop", f"workshop.work_order.{what}")
    return {(one["subject"], one["data"]["revision"]): one["id"] for one in events}


def _time(value: Any) -> datetime:
    # SQLite gives back the text it stored, without the zone.
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
