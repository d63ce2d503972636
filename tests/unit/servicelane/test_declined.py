"""I21: what was declined is told as the group's table tells it."""

import json
from typing import Any, cast

from servicelane.invariants.books import Books
from servicelane.invariants.declined import declined


class Shelf:
    """The tables of workshop, as they are read."""

    def __init__(self, lines: list[dict[str, Any]], kept: list[dict[str, Any]]) -> None:
        self.tables = {"order_line": lines, "declined_work": kept}

    def rows(self, service: str, query: str, *, json_columns: Any = ()) -> list[dict[str, Any]]:
        """Those of the table that is asked."""
        found = next(rows for table, rows in self.tables.items() if f"FROM {table}" in query)
        return [{**row, **{name: json.loads(row[name] or "null") for name in json_columns}} for row in found]


def test_painting_that_was_declined_is_of_one_panel_and_of_the_other_one_it_is_other_work() -> None:
    """The panel is part of what the work is (Rules W8, W5): the same operation on two panels is declined twice."""
    line = {"work_order_id": "1", "kind": "labour", "operation_code": "PAINT-1", "part_number": None, "description": "Paint"}
    lines = [{**line, "repair": json.dumps({"panel": panel})} for panel in ("bonnet", "roof")]
    oil = {**line, "operation_code": None, "description": "Oil", "repair": None}
    kept = [{"work_order_id": "1", "work_key": f"labour {what}"} for what in ("PAINT-1 bonnet", "PAINT-1 roof", "oil")]
    assert list(declined(cast(Books, Shelf([*lines, oil], kept)), "sh")) == []
    [found] = declined(cast(Books, Shelf([*lines, oil], kept[1:])), "sh")
    assert (found.invariant, "PAINT-1 bonnet" in found.what) == ("I21", True)
