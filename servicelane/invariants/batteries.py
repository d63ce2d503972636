"""I33: the group's trend of a battery is what its dealers measured, point for point."""

from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding, moment
from servicelane.texts import text

MEASURED = "SELECT id, vin, pack_serial, percent_units, mileage, measured_at FROM battery_check WHERE dealer_id = :dealer"
SHARED = "SELECT id, vin, pack_serial, percent_units, mileage, measured_at FROM battery_trend WHERE dealer = :dealer"


def batteries(books: Books, dealer: str) -> Iterator[Finding]:
    """I33: each measurement of the dealer is a point of the trend, and the other way round."""
    measured, shared = (
        {row["id"]: (*list(row.values())[1:5], moment(row["measured_at"])) for row in books.rows("workshop", query)}
        for query in (MEASURED, SHARED)
    )
    for one in sorted(measured.keys() | shared.keys()):
        if measured.get(one) != shared.get(one):
            what = {"id": one, "measured": measured.get(one), "kept": shared.get(one)}
            yield Finding("I33", dealer, text("cli.finding.battery", **what))
