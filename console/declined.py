"""What was declined on a car before, as bookings and orders offer it again (Rule W8)."""

from collections.abc import Iterable
from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field, Several, Whole
from console.showing import called

AGAIN = Action(
    "again",
    "POST",
    "/work-orders/{work_order_id}/propose-declined-work",
    (Several("declined_work_ids"), Field("payer"), Whole("extra_minutes")),
)
"""What was declined before is put on the order, and before the customer."""

FIRST_ROW = 100
"""Nobody types so many parts."""

DISMISS = Action("dismiss", "POST", "/declined-work/{of}/dismiss", (Field("vehicle_id"), Field("reason")), guarded=False)
"""What was declined before is proposed no more, at whichever page."""


def declined_before(desk: Desk, vehicle_id: str) -> list[dict[str, Any]]:
    """What was declined on the car before, at any dealer of the group; nothing of a car that is known since a moment ago."""
    found = desk.find(f"/vehicles/{vehicle_id}/declined-work")
    return list(found["items"]) if found else []


def parts_of(before: Iterable[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """The parts of it, each with the row of the form in which it is booked: behind those that are typed."""
    return list(enumerate((was for was in before if was["part_number"]), FIRST_ROW))


def not_on(one: dict[str, Any], before: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of it is not on the order already."""
    on_order = {
        line["operation_code"] or line["part_number"] or line["description"]
        for line in one["lines"]
        if line["state"] in ("draft", "quoted", "approved")
    }
    return [was for was in before if (was["operation_code"] or was["part_number"] or was["description"]) not in on_order]


def before_options(before: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was declined before, to be chosen from."""
    return [(was["id"], called(was)) for was in before]
