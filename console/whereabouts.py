"""Where the parts of an order are, as far as the reader may know: handed out, in the bin, short, on special order for a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from console.desk import Desk

RESERVATION = "/work-orders/{work_order_id}/reservation"


def where_parts_are(desk: Desk, order: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of its reservation; none of an order without parts, or that is over: what it used is on its invoice."""
    needs = any(line["kind"] == "part" for line in order["lines"])
    if not needs or order["status"] in ("delivered", "closed", "void") or not desk.may("GET", RESERVATION):
        return []
    found = desk.find(f"/work-orders/{order['id']}/reservation")
    return [] if found is None else [*found["lines"]]


def all_here(lines: list[dict[str, Any]]) -> bool:
    """Whether nothing is short of what it needs."""
    return bool(lines) and not any(Decimal(str(one["short"])) for one in lines)


def by_line(found: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    """The same by the order's line; of one whose part was superseded meanwhile there are two."""
    lines = defaultdict(list)
    for one in found:
        lines[one["line_id"]].append(one)
    return lines
