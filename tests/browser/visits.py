"""The customer's page of their order: a car that is worked on, about which they are asked, and one that is theirs again."""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from tests.browser.reception import TEMPLATE
from tests.cars import brought

PHONE_NUMBER = "021 5000 1234"


def places_of_visits(
    at: Dealership, cars: dict[str, dict[str, Any]], customer: dict[str, str]
) -> Iterator[tuple[str, str, str, Callable[[Page], None]]]:
    """Each as a place has it; nobody of them is signed in."""
    link = visit_link(at, asked_order(at, customer))  # one for both: a newer one would end it
    yield ("the customer's visit, asked", "", link, arrived)
    yield ("the customer's visit, refused", "", link, _nameless)
    for stage in ("received in the shop", "held", "checked", "delivered"):
        order = cars["opened" if stage == "received in the shop" else stage]
        yield (f"the customer's visit, {stage}", "", visit_link(at, order), arrived)


def asked_order(at: Dealership, customer: dict[str, str]) -> dict[str, Any]:
    """An order that is worked on, with something red, something amber, a photo of each, and additional work that waits; the
    first of this process."""
    if not _ASKED:
        _ASKED.append(_asked(at, customer))
    return _ASKED[0]


_ASKED: list[dict[str, Any]] = []
THEIR_BAY = "B5"
"""Where it stays: the other bays are other tests'."""


def _asked(at: Dealership, customer: dict[str, str]) -> dict[str, Any]:
    settings = at.manager.get("/workshop-settings")
    kept = {name: value for name, value in settings.items() if name not in ("id", "version", "menu_prices")}
    more = {"service_phone": PHONE_NUMBER, "bays": [*kept["bays"], THEIR_BAY]}
    at.manager.put("/workshop-settings", {**kept, **more}, of=settings)
    order = brought(at, "opened", customer)
    path = f"/work-orders/{order['id']}"

    def do(who: Any, verb: str, body: dict[str, Any]) -> Any:
        return who.post(f"{path}/{verb}", body, of=at.advisor.get(path))

    promised = (datetime.now(UTC) + timedelta(hours=3)).replace(minute=30, second=0, microsecond=0)
    terms = {"payment_method": "wechat_pay", "old_parts": "return_to_customer", "free_wash": True}
    order = do(at.advisor, "estimates", {**terms, "promised_at": promised.isoformat()})
    shown = at.advisor.get(f"{path}/estimate")["document_hash"]
    decision = {"means": "typed", "name": order["customer"]["name"], "document_hash": shown}
    [oil, *others] = order["lines"]
    if others:
        do(at.advisor, "decline-lines", {"line_ids": [others[-1]["line_id"]], "reason": "下次再做", "decision": decision})
    order = do(at.advisor, "approve-estimate", {"estimate_version": 1, "decision": decision})
    do(at.foreman, "dispatch", {"technician": f"{at.dealer}.technician", "bay": THEIR_BAY})
    do(at.technician, f"lines/{oil['line_id']}/clock-on", {})
    told = {"told_how": "phone", "promise_answer": "agreed", "promise_reason": "客户要求", "note": "螺栓断了"}
    do(at.advisor, "promise/revise", {**told, "promised_at": (promised + timedelta(hours=1)).isoformat()})
    for item, value, note in (("PAD-F", "1.8", "左前，剩余 1.8 mm"), ("BATTERY", "12.1", None)):
        photo = {"file": b64encode(_photo(item)).decode(), "file_name": "photo.jpg", "kind": "finding", "item": item}
        at.technician.post(f"{path}/attachments", {**photo, **({"note": note} if note else {})})
        measured = {"template_code": TEMPLATE["template_code"], "values": [{"item_code": item, "value": value}]}
        at.technician.post(f"{path}/multi-point-inspections", measured)
    do(at.technician, f"lines/{oil['line_id']}/clock-off", {"done": False})
    found = {"template_code": TEMPLATE["template_code"], "item_codes": ["PAD-F"], "extra_minutes": 45}
    return do(at.advisor, "propose-findings", found)


def visit_link(at: Dealership, order: dict[str, Any]) -> str:
    """A new link to the order; the one before leads nowhere any more."""
    token = secrets.token_urlsafe(32)
    at.advisor.post(f"/work-orders/{order['id']}/visit-links", {"token_hash": hashlib.sha256(token.encode()).hexdigest()})
    return f"/link#{at.dealer}.{token}"


def arrived(page: Page) -> None:
    """The page is there, its photos too."""
    page.wait_for_url("**/link/visit")
    expect(page.locator(".stage h2")).to_be_visible()
    for one in page.locator(".gallery img").all():
        one.scroll_into_view_if_needed()
        expect(one).to_have_js_property("complete", True)
    page.evaluate("scrollTo(0, 0)")


def _nameless(page: Page) -> None:
    arrived(page)
    page.locator("form[id^=approve] .send button").first.click()
    expect(page.locator("form[id^=approve] .summary").first).to_be_focused()


def _photo(item: str) -> bytes:
    """A disc with its pad, or a battery, as far as a few shapes go."""
    picture = Image.new("RGB", (640, 480), "#2b2f33")
    draw = ImageDraw.Draw(picture)
    if item == "PAD-F":
        draw.ellipse((120, 20, 560, 460), fill="#8d939a", outline="#c4c9ce", width=6)
        draw.ellipse((270, 170, 410, 310), fill="#3a3f45", outline="#6c737a", width=8)
        draw.rounded_rectangle((60, 90, 210, 390), 28, fill="#7a1f2b", outline="#a33a48", width=6)
        draw.rectangle((200, 130, 214, 350), fill="#d8b26a")
    else:
        draw.rounded_rectangle((110, 150, 530, 420), 16, fill="#1b1e21", outline="#565d65", width=6)
        draw.rectangle((160, 120, 220, 160), fill="#b3261e")
        draw.rectangle((420, 120, 480, 160), fill="#4b5563")
        draw.rectangle((200, 240, 440, 340), fill="#e8eaed")
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
