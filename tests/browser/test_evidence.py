"""Photos in a browser: how many taps attach one, what a refusal looks like, what axe finds (Rules W2, W31)."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from servicelane.welcome import DEALER
from tests.browser.house import findings

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


def photo() -> dict[str, Any]:
    """As a browser gets it from the camera."""
    out = io.BytesIO()
    Image.effect_noise((800, 600), 50).save(out, "JPEG")
    return {"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_photo_is_attached_in_three_taps(sit: Sit, car: Car, language: str) -> None:
    """Unfold, choose, send; what is none is refused at its field first, and the photo is then shown with the order."""
    order = car("approved")
    page = sit("technician", language=language, viewport={"width": 820, "height": 1180})
    page.goto(f"/d/{DEALER}/orders/{order['id']}")
    page.locator("details:has(#attach) > summary").click()
    file = page.locator("#attach-file")
    assert file.get_attribute("capture") == "environment"
    file.set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"})
    page.locator("#attach .send button").click()
    expect(page.locator("#attach-file-error")).to_be_visible()
    assert findings(page) == []
    page.locator("#attach-file").set_input_files(photo())
    page.locator("#attach .send button").click()
    shown = page.locator(".gallery img")
    expect(shown).to_have_count(1)
    expect(page.locator(".gallery img")).to_have_js_property("naturalWidth", 320)
    for width in (1920, 820, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert findings(page) == [], width
