"""I15: who did not come is called, once for each time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from servicelane.invariants.books import Books, Finding, moment
from servicelane.texts import text


def calls(books: Books, dealer: str) -> Iterator[Finding]:
    """I15: each no-show that was announced has one call of crm's, and no other appointment has any."""
    missed = {
        (event["subject"], datetime.fromisoformat(event["data"]["appointment"]["starts_at"]).timestamp())
        for event in books.events("booking", "booking.appointment.missed")
    }
    query = "SELECT appointment_id, missed_at FROM call WHERE dealer_id = :dealer AND kind = 'no_show'"
    kept = Counter((row["appointment_id"], moment(row["missed_at"])) for row in books.rows("crm", query))
    for key in sorted(missed | kept.keys()):
        if (key in missed, kept[key]) != (True, 1):
            what = text("cli.finding.no_show_calls", appointment=key[0], missed=int(key in missed), calls=kept[key])
            yield Finding("I15", dealer, what)
