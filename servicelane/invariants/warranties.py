"""I19: what the group knows to be warranted is what was delivered, and printed on the statement that the customer signed; what it
looks out for is what is under observation."""

from collections.abc import Iterator
from datetime import timedelta

from servicelane.invariants.books import Books, Finding, Row, moment
from servicelane.texts import text

Key = tuple[str, int, str]
"""Work order, revision and kind of work."""

DELIVERED = (
    "SELECT work_order_id, delivery.revision, settlement, vehicle, number FROM delivery JOIN work_order "
    "ON work_order.dealer_id = delivery.dealer_id AND work_order.id = work_order_id "
    "WHERE delivery.dealer_id = :dealer AND reversed_at IS NULL"
)
KEPT = (
    "SELECT work_order_id, revision, operation_group, vin, order_number, delivered_at, warranted_until, warranted_mileage "
    "FROM done_repair WHERE dealer = :dealer AND observation_id IS NULL"
)

OBSERVED = "SELECT id FROM observation WHERE dealer_id = :dealer AND ended_at IS NULL"
WATCHED = (
    "SELECT observation_id AS id FROM done_repair WHERE dealer = :dealer AND observation_id IS NOT NULL AND NOT EXISTS ("
    "SELECT 1 FROM observation WHERE dealer_id = :dealer AND id = observation_id AND ended_at IS NOT NULL "
    "AND came_back_at IS NOT NULL)"
)


def warranties(books: Books, dealer: str) -> Iterator[Finding]:
    """I19: each kind of work of each delivery that counts is warranted, once, as long as was signed; nothing else is."""
    expected = dict(_signed(books))
    found: dict[Key, list[tuple[object, ...]]] = {}
    for row in books.rows("workshop", KEPT):
        times = moment(row["delivered_at"]), moment(row["warranted_until"])
        told = row["vin"], row["order_number"], *times, row["warranted_mileage"]
        found.setdefault((row["work_order_id"], row["revision"], row["operation_group"]), []).append(told)
    for key in sorted(expected.keys() | found.keys()):
        if found.get(key, []) != ([expected[key]] if key in expected else []):
            order, revision, group = key
            what = {"order": order, "revision": revision, "group": group, "signed": expected.get(key), "kept": found.get(key)}
            yield Finding("I19", dealer, text("cli.finding.warranted", **what))
    watched = {row["id"] for row in books.rows("workshop", WATCHED)}
    observed = {row["id"] for row in books.rows("workshop", OBSERVED)}
    for one in sorted(watched ^ observed):
        yield Finding("I19", dealer, text("cli.finding.observed", observation=one))


def _signed(books: Books) -> Iterator[tuple[Key, tuple[object, ...]]]:
    """By the lines of the signed statements; of several lines of one kind the longest warranty counts."""
    query = "SELECT id, repair FROM order_line WHERE dealer_id = :dealer AND repair IS NOT NULL"
    rows = books.rows("workshop", query, json_columns=("repair",))
    groups = {row["id"]: row["repair"]["group"] for row in rows if row["repair"]}
    for row in books.rows("workshop", DELIVERED, json_columns=("settlement", "vehicle")):
        longest: dict[str, tuple[int, int]] = {}
        for line in row["settlement"]["lines"]:
            group = groups.get(line["line_id"])
            if group is not None:
                longest[group] = max(longest.get(group, (0, 0)), (line["warranty_days"], line["warranty_km"]))
        for group, (days, km) in longest.items():
            yield (row["work_order_id"], row["revision"], group), _promise(row, days, km)


def _promise(row: Row, days: int, km: int) -> tuple[object, ...]:
    signed = row["settlement"]
    begins = moment(signed["delivered_at"])
    until = begins + timedelta(days=days).total_seconds()
    return row["vehicle"]["vin"], row["number"], begins, until, signed["mileage"] + km
