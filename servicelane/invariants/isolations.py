"""I30: high-voltage work was begun on isolated cars only, and none left the shop before it was live again."""

from collections import defaultdict
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding, Row, moment
from servicelane.texts import text

CLOCKED = (
    "SELECT clocking.id, clocking.on_at, clocking.work_order_id, order_line.number, order_line.repair FROM clocking "
    "JOIN order_line ON order_line.dealer_id = clocking.dealer_id AND order_line.id = clocking.line_id "
    "WHERE clocking.dealer_id = :dealer AND repair IS NOT NULL"
)
ISOLATED = "SELECT work_order_id, isolated_at, energised_at, ended_at FROM isolation WHERE dealer_id = :dealer"
LEFT = "SELECT id FROM work_order WHERE dealer_id = :dealer AND status IN ('ready', 'delivered', 'closed', 'void')"


def isolations(books: Books, dealer: str) -> Iterator[Finding]:
    """I30: each clocking on a high-voltage line began within an isolation; no car that is ready has one that stands."""
    of_order: dict[str, list[Row]] = defaultdict(list)
    for row in books.rows("workshop", ISOLATED):
        of_order[row["work_order_id"]].append(row)
    for row in books.rows("workshop", CLOCKED, json_columns=("repair",)):
        if not row["repair"] or not row["repair"].get("high_voltage"):
            continue
        at = moment(row["on_at"])
        if not any(_stood(one, at) for one in of_order[row["work_order_id"]]):
            yield Finding("I30", dealer, text("cli.finding.worked_live", order=row["work_order_id"], line=row["number"]))
    for row in books.rows("workshop", LEFT):
        if any(one["ended_at"] is None for one in of_order[row["id"]]):
            yield Finding("I30", dealer, text("cli.finding.left_isolated", order=row["id"]))


def _stood(one: Row, at: float) -> bool:
    """Whether the car was isolated then, whatever was said of it later."""
    ended = one["energised_at"] or one["ended_at"]
    return one["isolated_at"] is not None and moment(one["isolated_at"]) <= at and (ended is None or at < moment(ended))
