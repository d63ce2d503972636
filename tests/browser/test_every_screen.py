"""Every screen in every state: nothing for axe, nothing wider than a phone; and what is printed."""

import re
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from console.screens import SCREENS
from servicelane.dealership import Dealership
from tests.browser.house import AWAY, HERE, approve, findings, places
from tests.deployment import Embedded

Sit = Callable[..., Page]

PHONE = 320
"""So wide is a phone, and a desk's 1280 at 400 %."""
UNFOLD = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark"), ("zh", "light"), ("en", "dark")])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    *, sit: Sit, chromium: Browser, cars: Any, dealership: Dealership, suite: Embedded, away: str, language: str, scheme: Any
) -> None:
    """WCAG 2.2 A and AA and best practice, everything unfolded; then on a phone, which is a desk at 400 %."""
    pages: dict[str, Page] = {}
    strangers = chromium.new_context(base_url=suite.console_url, color_scheme=scheme)
    strangers.add_cookies(
        [
            {"name": "lane-language", "value": language, "url": suite.console_url},
            {"name": "lane-language", "value": language, "url": away},
            {"name": "lane", "value": "a-handle", "url": away},
        ]
    )
    found: dict[str, Any] = {}
    for place in places(dealership, cars):
        if place.who not in pages:
            stranger = place.who in ("", AWAY)
            pages[place.who] = strangers.new_page() if stranger else sit(place.who, language=language, color_scheme=scheme)
        page = pages[place.who]
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(away + place.address if place.who == AWAY else place.address)
        place.do(page)
        page.evaluate(UNFOLD)
        assert page.locator("html").get_attribute("lang") == language
        found[place.name] = findings(page)
        page.set_viewport_size({"width": PHONE, "height": 700})
        wider = page.evaluate(TOO_WIDE)
        found[f"{place.name} on a phone"] = [f"{wider} px too wide"] if wider > 0 else []
    strangers.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_every_page_of_every_screen_is_among_them(cars: Any, dealership: Dealership) -> None:
    """A new page must be walked through as well."""
    shown = [re.sub(r"\?.*", "", place.address) for place in places(dealership, cars)]
    patterns = {page.endpoint: HERE + re.sub(r"<\w+>", "[^/]+", page.path) for screen in SCREENS for page in screen.pages}
    assert {name for name, pattern in patterns.items() if not any(re.fullmatch(pattern, one) for one in shown)} == set()


@pytest.mark.parametrize("width", [640, 820, 1920])
def test_other_widths_scroll_not_sideways_either(sit: Sit, cars: Any, dealership: Dealership, width: int) -> None:
    """At 200 %, on a tablet, and on a wall."""
    page = sit("manager", viewport={"width": width, "height": 900})
    wide = {}
    for place in places(dealership, cars):
        if place.who == "manager":
            page.goto(place.address)
            page.evaluate(UNFOLD)
            wide[place.name] = page.evaluate(TOO_WIDE)
    assert {where: by for where, by in wide.items() if by > 0} == {}


def test_a_long_settlement_repeats_its_header_on_every_sheet(sit: Sit, dealership: Dealership, car: Any) -> None:
    """On A4, without the screen around it."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    lines = [{"part_number": "WIPER-24", "quantity": str(number), "payer": "customer_pay"} for number in range(1, 61)]
    dealership.advisor.post(f"{path}/lines", {"parts": lines}, of=dealership.advisor.get(path))
    approve(dealership, path)
    page = sit("manager")
    page.goto(f"{HERE}/orders/{order['id']}/hand-over")
    page.emulate_media(media="print")
    for hidden in (".bar", ".tabs", ".steps", ".noprint"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    expect(page.locator(".document h1")).to_be_visible()
    repeated = page.pdf(format="A4", prefer_css_page_size=True)
    page.locator(".document thead").evaluate("one => { one.style.display = 'table-row-group' }")
    once = page.pdf(format="A4", prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type /Page\b", repeated))
    assert sheets > 1
    assert _texts_drawn(repeated) - _texts_drawn(once) >= 5 * (sheets - 1), "five columns on each further sheet"


@pytest.mark.parametrize("what", ["slip", "invoice", "settlement", "gate pass"])
def test_a_document_is_printed_alone(sit: Sit, cars: Any, dealership: Dealership, what: str) -> None:
    """Navigation and forms stay behind."""
    page = sit("manager")
    page.goto(next(place.address for place in places(dealership, cars) if place.name == what))
    page.emulate_media(media="print")
    for hidden in (".bar", ".tabs", ".steps", ".noprint"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")


def _texts_drawn(pdf: bytes) -> int:
    """How many pieces of text its sheets have."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    plain = b"\n".join(_unpacked(one) for one in streams)
    return len(re.findall(rb"\bT[jJ]\b", plain))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
