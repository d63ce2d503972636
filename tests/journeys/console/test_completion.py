"""Completion certificates in the console (Rule W32): listed while they are to be issued, issued by the inspector, and printed."""

from collections.abc import Callable
from typing import Any

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import OPERATIONS, Dealership
from servicelane.setup import ADMIN
from tests.deployment import Embedded
from tests.pages import Browser

DEALER = "sh-completion"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def test_the_inspector_issues_what_is_listed(at_desk: Desk, car: Car, dealership: Dealership, embedded: Embedded) -> None:
    """The car is on the list until then, and nobody is asked to sign for it; the certificate shows its number and who signed."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    settings = dealership.manager.get("/delivery-settings")
    dealership.manager.put("/delivery-settings", {"certified_classes": ["special"]}, of=settings)
    admin.post("/operations", {"operations": [{**one, "work_class": "special"} for one in OPERATIONS]})
    try:
        order = car("checked")
        here = f"{HERE}/orders/{order['id']}/completion"
        advisor = at_desk("advisor")
        before = advisor.get(f"{HERE}/orders/{order['id']}/hand-over")
        assert ("no completion certificate" in before.text, "deliver" in before.forms) == (True, False), "nobody signs in vain"
        inspector = at_desk("inspector", language="zh")
        assert here in inspector.get(f"{HERE}/completion-certificates").links
        page = inspector.send(inspector.get(here), "issue")
        [issued] = dealership.advisor.get(f"/work-orders/{order['id']}/completion-certificates")["items"]
        assert (issued["number"] in page.text, "issue" in page.forms) == (True, False)
        for printed in ("专项修理", f"{issued['mileage']:,}", order["vehicle"]["vin"], "签发日期"):
            assert printed in page.text, printed
        assert here not in inspector.get(f"{HERE}/completion-certificates").links
        assert "issue" not in advisor.get(here).forms
        after = advisor.get(f"{HERE}/orders/{order['id']}/hand-over")
        assert ("no completion certificate" in after.text, "deliver" in after.forms) == (False, True)
    finally:
        admin.post("/operations", {"operations": list(OPERATIONS)})
