"""I22: what a customer was promised is what the order says, from the first time to the last one."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

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
UNSIGNED = (
    "SELECT work_order_id FROM promise_revision WHERE dealer_id = :dealer AND moved_by = 'revised' "
    "AND (told_how IS NULL OR told_at IS NULL OR told_late IS NULL OR answer IS NULL)"
)
HALF_TOLD = (
    "SELECT work_order_id FROM progress_report WHERE dealer_id = :dealer AND ((told_at IS NULL) <> (told_how IS NULL) "
    "OR (told_at IS NULL) <> (told_by IS NULL) OR (told_at IS NOT NULL AND ended_at IS NULL))"
)
UNTOLD = (
    "SELECT id FROM promise WHERE dealer_id = :dealer AND at_risk_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM promise_risk "
    "WHERE promise_risk.dealer_id = :dealer AND work_order_id = promise.id AND promise_risk.promised_at = promise.promised_at)"
)


def promises(books: Books, dealer: str) -> Iterator[Finding]:
    """I22: every promised time follows from the one before, the first stays, the last is the order's; what was told says how."""
    kept: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("workshop", REVISIONS):
        kept[row["work_order_id"]].append(row)
    for row in books.rows("workshop", ORDERS):
        revisions = kept[row["id"]]
        if not revisions and (row["revisions"] is None or (row["promised_at"] is None and row["revisions"] == 0)):
            continue  # nothing was promised, or before promises were kept
        times = [one["promised_at"] for one in revisions]
        numbers = [one["revision_number"] for one in revisions]
        whole = numbers == list(range(1, (row["revisions"] or 0) + 1))
        befores = [one["previous_at"] for one in revisions]
        if not whole or any(before not in (None, time) for before, time in zip(befores, [None, *times], strict=False)):
            yield Finding("I22", dealer, text("cli.finding.promise_gap", order=row["id"], numbers=numbers))
        elif (row["first_at"], row["promised_at"]) not in _said(times, befores):
            said = {"first": row["first_at"], "last": row["promised_at"], "kept": times}
            yield Finding("I22", dealer, text("cli.finding.promise_differs", order=row["id"], **said))
    for row in books.rows("workshop", UNTOLD):
        yield Finding("I22", dealer, text("cli.finding.risk_untold", order=row["id"]))
    for query in (UNSIGNED, HALF_TOLD):
        for row in books.rows("workshop", query):
            yield Finding("I22", dealer, text("cli.finding.half_told", order=row["work_order_id"]))


def _said(times: list[Any], befores: list[Any]) -> tuple[tuple[Any, Any], ...]:
    """The first time and the last one; a time without one before it took the place of those that nobody had been told, who may
    have been told none since."""
    if not times:
        return ()
    first = max(number for number, before in enumerate(befores) if before is None)
    return (times[first], times[-1]), *([(None, None)] if first == len(times) - 1 else [])
