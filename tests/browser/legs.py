"""A car that is brought back, for the screens of pick-up and return."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from servicelane.dealership import Dealership
from tests.browser.books import changed


def brought_back(at: Dealership, data: Path, delivered: dict[str, Any]) -> None:
    """The driver is under way with a delivered car, today, whatever the time is: the sheet is still to be signed."""
    begins_at = at.agent.get("/leg-plan", days=2)["windows"][-1]["begins_at"]
    asked = {"address": "张杨路 500 号", "driver": f"{at.dealer}.driver", "direction": "return"}
    leg = at.agent.post("/legs", {**asked, "work_order_id": delivered["id"], "begins_at": begins_at})
    at.driver.post(f"/legs/{leg['id']}/start")
    at.driver.post(f"/legs/{leg['id']}/sheet", {"keys": 1})
    now = datetime.now(UTC)
    changed(data, "workshop", "leg", leg["id"], begins_at=now, ends_at=now + timedelta(minutes=90))


def places_of_legs(at: Dealership, here: str, delivered: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The desk's day and the legs of a car; the driver's day, and a leg whose sheet is to be signed."""
    [leg] = at.agent.get("/legs", work_order_id=delivered["id"])["items"]
    day = datetime.fromisoformat(leg["begins_at"]).astimezone(ZoneInfo("Asia/Shanghai")).date()
    yield "pick-up and return", "manager", f"{here}/legs?day={day}"
    yield "legs of a car", "manager", f"{here}/legs/of/work-orders/{delivered['id']}"
    yield "legs of the driver", "driver", f"{here}/my-legs"
    yield "a leg", "driver", f"{here}/legs/{leg['id']}"
