"""People know an order and its lines by the numbers on the paper: a request may name them so, wherever it names them at all."""

from typing import Any

import pytest

from servicelane.client import ProblemError
from servicelane.visit import Visit
from tests.deployment import Embedded
from tests.journeys.test_visit import VIN, opened


def test_an_order_and_its_lines_are_named_by_number(embedded: Embedded) -> None:
    """In the path and in the body; whatever is not there is not found, or named."""
    at = opened(embedded.base_url, "nj-qinhuai")
    visit = Visit(at, vin=VIN, plate="苏A·00007")
    for done in visit.steps():
        if done == "opened":
            break
    order: dict[str, Any] = at.advisor.get(f"/work-orders/{visit.order['id']}")
    number = f"/work-orders/{order['number']}"
    assert at.advisor.get(number)["id"] == at.advisor.get(number.lower())["id"] == order["id"]
    assert at.advisor.get(f"{number}/timeline") == at.advisor.get(f"/work-orders/{order['id']}/timeline")
    added = at.advisor.post(f"{number}/lines", {"sublet": [{"description": "x", "price": order["total"], "payer": "internal"}]})
    line = str(max(one["number"] for one in added["lines"]))
    seen = {"If-Match": f'"{added["version"]}"'}
    assert at.advisor.once("DELETE", f"{number}/lines/999", headers=seen).status_code == 404
    left = at.advisor.once("DELETE", f"{number}/lines/{line}", headers=seen).json()
    assert len(left["lines"]) == len(added["lines"]) - 1
    for unknown in ("RO-1999-000001", "no such order", "🚗"):
        assert at.advisor.once("GET", f"/work-orders/{unknown}").status_code == 404
    declining = {"reason": "x", "decision": {"means": "typed", "name": "王芳"}}
    with pytest.raises(ProblemError) as refused:
        at.advisor.post(f"{number}/decline-lines", {"line_ids": ["1", "999"], **declining})
    assert list(refused.value.problem["errors"]) == ["line_ids.1"]
