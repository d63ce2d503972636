"""A car that is brought back, for the screens of pick-up and return."""

from collections.abc import Iterator
from typing import Any

from servicelane.dealership import Dealership


def places_of_legs(at: Dealership, here: str, delivered: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The desk's day and the legs of a car; the driver's day, and a leg whose sheet is to be signed."""
    if not at.agent.get("/legs")["items"]:
        begins_at = at.agent.get("/leg-plan", days=2)["windows"][-1]["begins_at"]
        asked = {"address": "张杨路 500 号", "driver": f"{at.dealer}.driver", "direction": "return"}
        leg = at.agent.post("/legs", {**asked, "work_order_id": delivered["id"], "begins_at": begins_at})
        at.driver.post(f"/legs/{leg['id']}/start")
        at.driver.post(f"/legs/{leg['id']}/sheet", {"keys": 1})
    [leg] = at.agent.get("/legs")["items"]
    yield "pick-up and return", "manager", f"{here}/legs?day={leg['begins_at'][:10]}"
    yield "legs of a car", "manager", f"{here}/legs/of/work-orders/{delivered['id']}"
    yield "legs of the driver", "driver", f"{here}/my-legs"
    yield "a leg", "driver", f"{here}/legs/{leg['id']}"
