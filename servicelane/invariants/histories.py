"""I34: what the group knows of a car's visits is what was delivered and signed, visit for visit."""

from collections.abc import Iterator, Mapping
from typing import Any

from servicelane.invariants.books import Books, Finding, moment
from servicelane.texts import text

SIGNED = (
    "SELECT work_order_id, delivery.revision, settlement, vehicle, number FROM delivery JOIN work_order "
    "ON work_order.dealer_id = delivery.dealer_id AND work_order.id = work_order_id "
    "WHERE delivery.dealer_id = :dealer AND reversed_at IS NULL"
)
KEPT = (
    "SELECT work_order_id, revision, vin, order_number, delivered_at, mileage, done FROM delivered_visit WHERE dealer = :dealer"
)


def histories(books: Books, dealer: str) -> Iterator[Finding]:
    """I34: each delivery that counts is a visit of its car, with the work that was signed; nothing else is."""
    signed, kept = {}, {}
    for row in books.rows("workshop", SIGNED, json_columns=("settlement", "vehicle")):
        paper = row["settlement"]
        told = row["vehicle"]["vin"], row["number"], moment(paper["delivered_at"]), paper["mileage"]
        signed[row["work_order_id"], row["revision"]] = (*told, _work(paper["lines"]))
    for row in books.rows("workshop", KEPT, json_columns=("done",)):
        told = row["vin"], row["order_number"], moment(row["delivered_at"]), row["mileage"]
        kept[row["work_order_id"], row["revision"]] = (*told, _work(row["done"]))
    for key in sorted(signed.keys() | kept.keys()):
        if signed.get(key) != kept.get(key):
            what = {"order": key[0], "revision": key[1], "signed": signed.get(key), "kept": kept.get(key)}
            yield Finding("I34", dealer, text("cli.finding.history", **what))


def _work(lines: list[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    said = ("operation_code", "part_number", "quantity")
    return [(one["kind"], *(str(one.get(name)) for name in said)) for one in lines if one["kind"] != "core_charge"]
