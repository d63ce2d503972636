"""The customer's page of their order in a real browser, at the size of a phone (Rule W17)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from servicelane.dealership import Dealership
from tests.browser.hands import sign_by_finger
from tests.browser.house import CUSTOMERS, findings
from tests.browser.visits import PHONE_NUMBER, arrived, asked_order, places_of_visits, visit_link
from tests.deployment import Embedded

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD = "document.querySelectorAll('main details').forEach(one => { one.open = true })"

Phone = Callable[..., Page]


@pytest.fixture
def phone(chromium: Browser, suite: Embedded) -> Any:
    """`phone("zh")`: a stranger's phone."""
    contexts = []

    def picked_up(language: str = "en", *, width: int = 390, script: bool = True, scheme: Any = "light") -> Page:
        context = chromium.new_context(
            base_url=suite.console_url,
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            viewport={"width": width, "height": 844},
            has_touch=True,
            java_script_enabled=script,
            color_scheme=scheme,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield picked_up
    for one in contexts:
        one.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark"), ("zh", "light"), ("en", "dark")])
def test_a_phone_reads_all_of_it(*, phone: Phone, dealership: Dealership, cars: Any, language: str, scheme: str) -> None:
    """In the browser's language; nothing for axe, nothing wider than 320 px, nothing smaller than a finger."""
    found = {}
    for name, _, address, do in places_of_visits(dealership, cars, CUSTOMERS[1]):
        page = phone(language, scheme=scheme)
        page.goto(address)
        do(page)
        page.evaluate(UNFOLD)
        assert page.locator("html").get_attribute("lang") == language
        found[name] = findings(page)
        page.set_viewport_size({"width": 320, "height": 700})
        wider = page.evaluate(TOO_WIDE)
        found[f"{name}, 320 px"] = [f"{wider} px too wide"] if wider > 0 else []
        small = page.locator("main button:visible, main a.button:visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"
        )
        found[f"{name}, for fingers"] = small
        page.context.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_what_is_asked_is_approved_by_finger_and_the_page_goes_on(
    phone: Phone, dealership: Dealership, car: Callable[[str], dict[str, Any]], cars: Any
) -> None:
    """Rules W8, W17: with the finding, its photo and what it costs; then nothing waits, and the ledger has the strokes."""
    order = asked_order(dealership, CUSTOMERS[1])
    page = phone("zh")
    page.goto(visit_link(dealership, order))
    arrived(page)
    assert page.url.endswith("/link/visit"), "no secret in the address"
    page.get_by_role("link", name="立即确认").click()
    version = order["estimate_version"]
    request = page.locator(f"#request-{version}")
    expect(request).to_contain_text("前制动片")
    expect(request.locator(".gallery img")).to_be_visible()
    expect(page.locator(f"a[href='tel:{PHONE_NUMBER.replace(' ', '')}']")).to_be_visible()
    form = page.locator(f"#approve-{version}")
    form.locator("[name='signature.name']").fill("王芳")
    sign_by_finger(page, f"#approve-{version}")
    form.locator(".send button").click()
    expect(request).to_have_count(0)
    entry = dealership.advisor.get(f"/work-orders/{order['id']}/authorisation-ledger")["items"][-1]
    assert (entry["decision"], entry["means"], entry["signature"]["verified"]) == ("approved", "link", True)
    assert entry["signature"]["strokes"]


def test_what_the_shop_does_shows_by_itself_and_typing_stays(
    phone: Phone, dealership: Dealership, car: Callable[[str], dict[str, Any]]
) -> None:
    """Rule W17: the page looks again while it is looked at; withdrawn, it says so; as of when it is stands on it."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}
    dealership.advisor.post(f"{path}/estimates", terms, of=order)
    page = phone()
    page.goto(visit_link(dealership, order))
    arrived(page)
    expect(page.locator(".stage h2")).to_contain_text("Waiting for your answer")
    page.locator("#approve-1 [name='signature.name']").fill("Wang")
    more = {"labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}]}
    dealership.advisor.post(f"{path}/propose-additional-work", more, of=dealership.advisor.get(path))
    expect(page.locator("#request-2")).to_be_visible(timeout=30_000)
    expect(page.locator("#approve-1 [name='signature.name']")).to_have_value("Wang")
    expect(page.locator("[data-why=away]")).to_be_hidden()
    [link] = [one for one in dealership.advisor.get(f"{path}/visit-links")["items"] if not one["ended"]]
    dealership.advisor.post(f"{path}/visit-links/{link['id']}/withdraw", {"reason": "wrong number"})
    expect(page.locator(".summary")).to_have_text("The dealer has withdrawn this link.", timeout=30_000)


def test_without_a_script_the_link_is_pasted_and_decided(
    phone: Phone, dealership: Dealership, car: Callable[[str], dict[str, Any]]
) -> None:
    """Rule W17: everything is there: the way, the price, the form with a typed name, and a link that looks again."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}
    dealership.advisor.post(f"{path}/estimates", terms, of=order)
    page = phone("zh", script=False)
    page.goto("/link")
    page.locator("#link").fill(f"您的车辆进度：{visit_link(dealership, order)} 谢谢")
    page.locator("#open button").click()
    page.wait_for_url("**/link/visit")
    page.locator("#approve-1 [name='signature.name']").fill("王芳")
    page.locator("#approve-1 .send button").click()
    expect(page.locator(".stage h2")).to_contain_text("已排期")
    assert dealership.advisor.get(path)["answered_at"]
    page.locator(".asof a").click()
    expect(page.locator(".way [aria-current=step]")).to_contain_text("维修")
