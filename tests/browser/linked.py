"""The pages of one-time links: what staff make, and what a customer sees who is signed in nowhere."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from tests.cars import brought
from tests.doors.examples import PICTURE


def places_of_links(
    at: Dealership, here: str, customer: dict[str, str]
) -> Iterator[tuple[str, str, str, Callable[[Page], None]]]:
    """Each as a place has it: its name, at whose desk, the address, and what is done there first.

    Staff come last: a link that they make ends the one before.
    """
    asked, token = _asked(at, customer)
    yield ("link that is none", "", "/link#nothing", lambda page: expect(page.locator(".summary")).to_be_focused())
    yield ("what a link leads to", "", f"/link#{at.dealer}.{token}", _linked)
    yield ("what a link leads to, refused", "", f"/link#{at.dealer}.{token}", _linked_without_name)
    yield ("links", "manager", f"{here}/orders/{asked['id']}/link", _looked)
    yield ("a link that was made", "manager", f"{here}/orders/{asked['id']}/link", _made)
    yield ("order, quoted by a link", "manager", f"{here}/orders/{asked['id']}", _looked)


def _asked(at: Dealership, customer: dict[str, str]) -> tuple[dict[str, Any], str]:
    """An order whose customer is asked by a link, with a photo; the first of this process, and a new link to it."""
    if not _ASKED:
        order = brought(at, "opened", customer)
        path = f"/work-orders/{order['id']}"
        terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}
        at.advisor.post(f"{path}/estimates", terms, of=at.advisor.get(path))
        photo = {"file": PICTURE, "file_name": "pad.png", "kind": "finding", "job": 1, "note": "worn"}
        at.advisor.post(f"{path}/attachments", photo)
        _ASKED.append(order)
    token = secrets.token_urlsafe(32)
    asked = {"estimate_version": 1, "token_hash": hashlib.sha256(token.encode()).hexdigest()}
    at.advisor.post(f"/work-orders/{_ASKED[0]['id']}/signing-links", asked)
    return _ASKED[0], token


_ASKED: list[dict[str, Any]] = []


def _made(page: Page) -> None:
    page.locator("#make .send button").click()
    expect(page.locator("#made")).to_be_focused()


def _linked(page: Page) -> None:
    page.wait_for_url("**/link/document")
    expect(page.locator(".gallery img")).to_be_visible()


def _linked_without_name(page: Page) -> None:
    _linked(page)
    page.locator("#approve .send button").click()
    expect(page.locator("#approve .summary")).to_be_focused()


def _looked(page: Page) -> None:
    """Nothing more is done there."""
