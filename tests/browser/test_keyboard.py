"""Every role's work by the keyboard alone: J and K to a row, Enter into it, Ctrl-K to what is done there, Enter to do it.

The advisor's, the agents' and the caller's journeys stand beside their screens' other tests.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from servicelane.welcome import DEALER
from tests.cars import unwashed
from tests.deployment import Embedded

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]

_newcomers = count(1)


def choose(page: Page, letters: str) -> None:
    """Find what can be done here by a few letters; the focus is then in its form, or on its button."""
    page.keyboard.press("Control+k")
    expect(page.locator(".palette")).to_be_visible()
    page.keyboard.type(letters)
    page.keyboard.press("Enter")
    expect(page.locator(".palette")).to_be_hidden()


def walk_to(page: Page, text: str) -> None:
    """J until the row with the text has the focus, then Enter."""
    rows = page.locator("[data-rows] tbody tr, ul[data-rows] > li")
    expect(rows.filter(has_text=text).first).to_be_visible()
    for _ in range(rows.count()):
        page.keyboard.press("j")
        if text in page.evaluate("document.activeElement.closest('tr, li')?.textContent ?? ''"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no row has {text}")


def now(dealership: Dealership, order: dict[str, Any]) -> Any:
    return dealership.advisor.get(f"/work-orders/{order['id']}")


@pytest.fixture
def newcomer(suite: Embedded) -> str:
    """A technician who has nothing to do yet, whatever lies on the others."""
    number = next(_newcomers)
    roles = [{"dealer": DEALER, "roles": ["technician"]}]
    account = {"login": f"{DEALER}.newcomer-{number}", "name": f"新手{number}", "password": PASSWORD, "dealers": roles}
    Client.sign_in(suite.base_url, ADMIN, PASSWORD).post("/accounts", account)
    return f"newcomer-{number}"


def given_to(who: str, dealership: Dealership, car: Car) -> dict[str, Any]:
    """An order that was given to them."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    promised = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False, "promised_at": promised}
    dealership.advisor.post(f"{path}/estimates", terms, of=now(dealership, order))
    fresh = now(dealership, order)
    shown = dealership.advisor.get(f"{path}/estimate")["document_hash"]
    decision = {"means": "typed", "name": fresh["customer"]["name"], "document_hash": shown}
    asked = {"estimate_version": fresh["estimate_version"], "decision": decision}
    dealership.advisor.post(f"{path}/approve-estimate", asked, of=fresh)
    given = {"technician": f"{DEALER}.{who}", "bay": "B2"}
    return dict(dealership.foreman.post(f"{path}/dispatch", given, of=now(dealership, order)))


def test_the_foreman_gives_work_away(sit: Sit, car: Car, dealership: Dealership) -> None:
    """From the wall to the card, the technician and bay that are proposed, and back."""
    order = car("approved")
    page = sit("foreman")
    page.goto(f"/d/{DEALER}/board")
    walk_to(page, order["vehicle"]["plate"])
    page.wait_for_url(f"**/board/{order['id']}")
    choose(page, "dispatch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/board?*")
    assert now(dealership, order)["status"] == "dispatched"


def test_the_inspector_passes_a_car(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Out of the queue, passed, ready."""
    order = unwashed(dealership, car("worked on"))
    page = sit("inspector")
    walk_to(page, order["vehicle"]["plate"])
    page.wait_for_url(f"**/check/{order['id']}")
    choose(page, "passed")
    page.keyboard.press("Enter")
    expect(page.locator("#ready")).to_be_visible()
    choose(page, "ready")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check?*")
    assert now(dealership, order)["status"] == "ready"


def test_the_technician_works(sit: Sit, car: Car, dealership: Dealership, newcomer: str) -> None:
    """On, done, and on to the check, by the palette; with thumbs it is two taps a line and one for the check."""
    order = given_to(newcomer, dealership, car)
    lines = [one for one in order["lines"] if one["kind"] == "labour"]
    page = sit(newcomer)
    for line in lines:
        page.locator(f"#on-{line['line_id']} button").focus()
        page.keyboard.press("Enter")
        page.locator(f"#off-{line['line_id']} button").focus()
        page.keyboard.press("Enter")
    expect(page.locator(f"#check-{order['id']}")).to_be_visible()
    choose(page, "hand the car in")
    page.keyboard.press("Enter")
    expect(page.locator(f"#check-{order['id']}")).to_have_count(0)
    assert now(dealership, order)["status"] == "quality_check"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_taps_a_line_and_one(sit: Sit, car: Car, dealership: Dealership, newcomer: str, language: str) -> None:
    """What the design allows the technician, on a tablet; each button has room for a glove."""
    order = given_to(newcomer, dealership, car)
    lines, taps = [one for one in order["lines"] if one["kind"] == "labour"], 0
    page = sit(newcomer, language=language, viewport={"width": 820, "height": 1180}, has_touch=True)
    buttons = [f"#{do}-{line['line_id']} button" for line in lines for do in ("on", "off")]
    for button in (*buttons, f"#check-{order['id']} button"):
        box = page.locator(button).bounding_box()
        assert box is not None
        assert box["height"] >= 72
        page.locator(button).tap()
        expect(page.locator(button)).to_have_count(0)
        taps += 1
    assert now(dealership, order)["status"] == "quality_check"
    assert taps <= 2 * len(lines) + 1


def test_the_clerk_hands_parts_out(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Quantities by the keyboard, as by the scanner; the slip is signed and can be looked at."""
    order = car("dispatched")
    path = f"/work-orders/{order['id']}"

    def there() -> Any:
        lines = dealership.clerk.get(f"{path}/reservation")["lines"]
        return (len(lines) >= 3 and all(one["approved"] and one["short"] == "0.000" for one in lines)) or None

    awaited(there, "the parts to be reserved")
    page = sit("clerk")
    walk_to(page, order["number"])
    page.wait_for_url(f"**/parts/orders/{order['id']}")
    expect(page.locator("#scan")).to_be_focused()
    page.locator("#issue [name='lines.0.quantity']").focus()
    page.keyboard.type("1")
    page.locator("#issue [name='signature.name']").focus()
    page.keyboard.type("李强")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/d/{DEALER}/parts?*")
    [slip] = dealership.clerk.get(f"{path}/slips")["items"]
    assert [one["quantity"] for one in slip["lines"]] == ["1.000"]


def test_the_cashier_takes_money_and_lets_the_car_go(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Payment, gate pass, gate."""
    order = car("delivered")
    path = f"/work-orders/{order['id']}"
    awaited(lambda: dealership.cashier.get(f"{path}/account")["revision"] == 1 or None, "the account to be billed")
    claim = {"payer": "warranty", "reference": f"VW-{order['number']}", "authorised_by": "VW warranty desk"}
    dealership.manager.post(f"{path}/authorisations", claim)
    page = sit("cashier")
    walk_to(page, order["number"])
    page.wait_for_url(f"**/cashier/orders/{order['id']}")
    choose(page, "take the pay")
    page.locator("#pay-customer_pay [name=provider_reference]").focus()
    page.keyboard.type(f"WX-{order['id']}")
    page.keyboard.press("Enter")
    for step in ("pass", "use"):
        expect(page.locator(f"#{step}")).to_be_visible()
        page.locator(f"#{step} button").focus()
        page.keyboard.press("Enter")
    expect(page.locator("#use")).to_have_count(0)
    assert dealership.cashier.get(f"{path}/account")["left_at"]
