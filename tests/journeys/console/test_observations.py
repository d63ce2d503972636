"""Faults under observation in the console (Rule W16): from the hand-over page, on the list, ended with a reason."""

from collections.abc import Callable
from typing import Any

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from tests.days import spring
from tests.deployment import Embedded
from tests.pages import Browser

DEALER = "sh-observations"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"
SQUEAL = {"operation_code": "SQUEAL", "name_zh": "制动异响检查", "name_en": "Brake noise", "hours": "0.50"}


def test_a_fault_is_put_under_observation_and_ended(at_desk: Desk, car: Car, dealership: Dealership, embedded: Embedded) -> None:
    """What is left out is said at its field, and what was typed stays."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    admin.post("/operations", {"operations": [{**SQUEAL, "operation_group": "BRAKES"}]})
    order = car("delivered")
    here = f"{HERE}/orders/{order['id']}"
    advisor = at_desk("advisor", language="zh")
    assert f"{here}/observations" in advisor.get(f"{here}/hand-over").links
    typed = {"operation_group": "BRAKES", "fault": "冷车低速偶发异响"}
    refused = advisor.send(advisor.get(f"{here}/observations"), "observe", job="1", until="", **typed)
    assert (refused.status, "冷车低速偶发异响" in refused.source) == (422, True)
    page = advisor.send(refused, "observe", until=str(spring(2)))
    assert ("观察中" in page.text, "冷车低速偶发异响" in page.text) == (True, True)
    [one] = dealership.advisor.get("/observations")["items"]
    page = advisor.get(f"{HERE}/observations")
    assert order["vehicle"]["plate"] in page.text
    page = advisor.send(page, f"end-{one['id']}", reason="客户确认未再出现")
    assert "没有观察中的故障" in page.text
    assert "客户确认未再出现" in advisor.get(f"{here}/observations").text
