"""I21: what a customer was promised is what the order says, from the first time to the last one."""

from collections import defaultdict
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text

ORDERS = (
    "SELECT work_order.id, work_order.promised_at, promise.first_at, promise.revisions FROM work_order "
    "LEFT JOIN promise ON promise.dealer_id = :dealer AND promise.id = work_order.id WHERE work_order.dealer_id = :dealer"
)
REVISIONS = (
    "SELECT work_order_id, revision_number, promised_at, previous_at FROM promise_revision "
    "WHERE dealer_id = :dealer ORDER BY work_order_id, revision_number"
)
UNTOLD = (
    "SELECT id FROM promise WHERE dealer_id = :dealer AND at_risk_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM promise_risk "
    "WHERE promise_risk.dealer_id = :dealer AND work_order_id = promise.id AND promise_risk.promised_at = promise.promised_at)"
)


def promises(books: Books, dealer: str) -> Iterator[Finding]:
    """I21: every promised time follows from the one before, the first one stays, the last one is the order's; a risk was told."""
    kept: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("workshop", REVISIONS):
        kept[row["work_order_id"]].append(row)
    for row in books.rows("workshop", ORDERS):
        revisions = kept[row["id"]]
        if row["revisions"] is None and not revisions:
            continue  # nothing was promised, or before promises were kept
        times = [one["promised_at"] for one in revisions]
        numbers = [one["revision_number"] for one in revisions]
        whole = numbers == list(range(1, (row["revisions"] or 0) + 1))
        if not whole or [one["previous_at"] for one in revisions] != [None, *times[:-1]]:
            yield Finding("I21", dealer, text("cli.finding.promise_gap", order=row["id"], numbers=numbers))
        elif times[0] != row["first_at"] or times[-1] != row["promised_at"]:
            said = {"first": row["first_at"], "last": row["promised_at"], "kept": times}
            yield Finding("I21", dealer, text("cli.finding.promise_differs", order=row["id"], **said))
    for row in books.rows("workshop", UNTOLD):
        yield Finding("I21", dealer, text("cli.finding.risk_untold", order=row["id"]))
