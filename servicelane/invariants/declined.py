"""I21: what was declined on an order that is over waits to be proposed again, each work once, and nothing else does."""

from collections import defaultdict
from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text

DECLINED = (
    "SELECT line.work_order_id, line.kind, line.operation_code, line.part_number, line.description, line.repair "
    "FROM order_line AS line "
    "JOIN work_order AS one ON one.dealer_id = :dealer AND one.id = line.work_order_id "
    "WHERE line.dealer_id = :dealer AND line.state = 'declined' AND line.kind <> 'core_charge' "
    "AND one.status IN ('delivered', 'closed', 'void')"
)
KEPT = "SELECT work_order_id, work_key FROM declined_work WHERE dealer = :dealer AND origin = 'declined'"
"""The group's table: with what is done or dismissed by now, which was declined all the same; not what was only recommended."""


def declined(books: Books, dealer: str) -> Iterator[Finding]:
    """I21: the group's table says of each order what its customer decided."""
    decided: dict[str, set[str]] = defaultdict(set)
    for row in books.rows("workshop", DECLINED, json_columns=("repair",)):
        what = row["operation_code"] or row["part_number"] or row["description"].casefold()
        panel = (row["repair"] or {}).get("panel")  # painting is of one panel: the other one is other work
        decided[row["work_order_id"]].add(" ".join(filter(None, (row["kind"], what, panel))))
    kept: dict[str, list[str]] = defaultdict(list)
    for row in books.rows("workshop", KEPT):
        kept[row["work_order_id"]].append(row["work_key"])
    for order in sorted({*decided, *kept}):
        wanted, known = sorted(decided[order]), sorted(kept[order])
        if wanted != known:
            told = {"order": order, "declined": ", ".join(wanted) or "-", "known": ", ".join(known) or "-"}
            yield Finding("I21", dealer, text("cli.finding.declined", **told))
