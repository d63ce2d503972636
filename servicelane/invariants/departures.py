"""I11: of one delivery, the car leaves or it is reversed; workshop and billing say the same about it."""

from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text


def departures(books: Books, dealer: str) -> Iterator[Finding]:
    """I11: no delivery is reversed whose car has left, each at both services or at none, and every request is answered."""
    reversed_here = {
        (row["work_order_id"], row["revision"]): row["reversed_at"] is not None
        for row in books.rows("workshop", "SELECT work_order_id, revision, reversed_at FROM delivery WHERE dealer_id = :dealer")
    }
    reversed_there = {
        (row["account_id"], row["revision"]): row["shares"] == row["reversed"]
        for row in books.rows(
            "billing",
            "SELECT account_id, revision, count(*) AS shares, count(reversed_at) AS reversed FROM share "
            "WHERE dealer_id = :dealer GROUP BY account_id, revision",
        )
    }
    used = "SELECT work_order_id, revision FROM gate_pass WHERE dealer_id = :dealer AND used_at IS NOT NULL"
    left = {(row["work_order_id"], row["revision"]) for row in books.rows("billing", used)}
    for key in sorted(reversed_here.keys() & reversed_there.keys()):
        delivery = {"order": key[0], "revision": key[1]}
        here, there = reversed_here[key], reversed_there[key]
        if here is not there:
            yield Finding("I11", dealer, text("cli.finding.half_reversed", **delivery, workshop=str(here), billing=str(there)))
        if (here or there) and key in left:
            yield Finding("I11", dealer, text("cli.finding.reversed_and_left", **delivery))
    noted = "SELECT id, revision, reversal FROM work_order WHERE dealer_id = :dealer AND reversal IS NOT NULL"
    for row in books.rows("workshop", noted, json_columns=("reversal",)):
        if row["reversal"] is not None and row["reversal"]["state"] == "requested":
            yield Finding("I11", dealer, text("cli.finding.reversal_unanswered", order=row["id"], revision=row["revision"]))
