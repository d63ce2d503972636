"""I20: who has keys and papers is known at every moment, and after the delivery it is the customer."""

from collections import defaultdict
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text

HAND_OVERS = (
    "SELECT work_order_id, number, thing, given_by, given_to FROM custody_hand_over "
    "WHERE dealer_id = :dealer ORDER BY work_order_id, number"
)
SIGNED = "SELECT work_order_id, document FROM walk_around WHERE dealer_id = :dealer AND signature IS NOT NULL"
AT_THE_DESK = (
    "SELECT id FROM work_order WHERE dealer_id = :dealer AND EXISTS (SELECT 1 FROM delivery "
    "WHERE dealer_id = :dealer AND work_order_id = work_order.id AND reversed_at IS NULL) "
    "AND NOT EXISTS (SELECT 1 FROM leg WHERE dealer_id = :dealer AND work_order_id = work_order.id AND direction = 'return')"
)
"""Orders that were delivered and whose car no driver was to bring back: their sheets say what was given back."""
FOLDER = "folder"
"""It is the house's."""


def custody(books: Books, dealer: str) -> Iterator[Finding]:
    """I20: every hand-over is by who has the thing; what was signed for was received; what was delivered was given back."""
    logs: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("workshop", HAND_OVERS):
        logs[row["work_order_id"]].append(row)
    for order, log in logs.items():
        holders: dict[str, str | None] = {}
        for at, row in enumerate(log, start=1):
            thing, giver = row["thing"], row["given_by"]
            if row["number"] != at or holders.get(thing) != giver or giver == row["given_to"]:
                told = {"thing": thing, "number": row["number"], "by": giver, "holder": holders.get(thing)}
                yield Finding("I20", dealer, text("cli.finding.handed_over", order=order, **told))
            holders[thing] = row["given_to"]
    for row in books.rows("workshop", SIGNED, json_columns=("document",)):
        kept = row["document"]
        received = {"keys": kept["keys"] > 0, "registration": kept["registration"], "service_book": kept["service_book"]}
        things = {one["thing"] for one in logs[row["work_order_id"]]}
        for thing in (one for one, here in received.items() if here and one not in things):
            yield Finding("I20", dealer, text("cli.finding.not_received", order=row["work_order_id"], thing=thing))
    for row in books.rows("workshop", AT_THE_DESK):
        last = {one["thing"]: one["given_to"] for one in logs[row["id"]]}
        for thing, holder in last.items():
            if holder is not None and thing != FOLDER:
                yield Finding("I20", dealer, text("cli.finding.not_given_back", order=row["id"], thing=thing, holder=holder))
