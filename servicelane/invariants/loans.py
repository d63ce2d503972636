"""I17: no loaner is lent twice for one time, and an appointment and its loan say the same."""

from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text

TWICE = (
    "SELECT one.id AS loan, other.id AS other, one.loaner_id AS car FROM loan AS one JOIN loan AS other "
    "ON other.dealer_id = one.dealer_id AND other.loaner_id = one.loaner_id AND other.id > one.id "
    "AND other.begins_at < one.ends_at AND other.ends_at > one.begins_at "
    "WHERE one.dealer_id = :dealer AND one.state IN ('booked', 'handed_over') AND other.state IN ('booked', 'handed_over')"
)
KEPT = "SELECT id, loan_id FROM appointment WHERE dealer_id = :dealer AND loan_id IS NOT NULL"
ASKED = "SELECT id, appointment_id FROM loan WHERE dealer_id = :dealer AND appointment_id IS NOT NULL AND state <> 'cancelled'"


def loans(books: Books, dealer: str) -> Iterator[Finding]:
    """I17: of one car no two loans overlap that are booked or out; each appointment has the loan that names it, and no other."""
    for row in books.rows("booking", TWICE):
        yield Finding("I17", dealer, text("cli.finding.lent_twice", **row))
    kept = {(row["id"], row["loan_id"]) for row in books.rows("booking", KEPT)}
    asked = {(row["appointment_id"], row["id"]) for row in books.rows("booking", ASKED)}
    for appointment, loan in sorted(kept ^ asked):
        yield Finding("I17", dealer, text("cli.finding.loan_of_nobody", appointment=appointment, loan=loan))
