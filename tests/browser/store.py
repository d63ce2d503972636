"""Parts that are not where they should be, for the screens of the store."""

from typing import Any

from servicelane.client import awaited
from servicelane.dealership import Dealership

PLACES_OF_STORE = {
    "store": "/stock",
    "store, one part": "/stock?find=PAD-F-77",
    "store, nothing found": "/stock?find=NO-SUCH-PART",
    "parts' tasks": "/stock/tasks",
}


def lost(at: Dealership, order: dict[str, Any], number: str) -> None:
    """All of a part that an order has reserved turns out to be gone: somebody must look into it."""
    path = f"/work-orders/{order['id']}/reservation"

    def reserved() -> bool:
        lines = at.clerk.get(path)["lines"]
        return any(one["part_number"] == number and one["approved"] and float(one["reserved"]) for one in lines)

    awaited(reserved, f"{number} to be reserved")
    gone = {"part_number": number, "quantity": at.stock(number)["on_hand"], "from_location": "bin", "to_location": "discrepancy"}
    at.clerk.post("/stock/corrections", {**gone, "reason": "not there"})
    awaited(lambda: at.clerk.get("/parts-tasks", state="open")["items"], "a task of the parts desk")
