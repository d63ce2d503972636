"""The menus of who finds many screens: by mouse, by keyboard, on a phone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from servicelane.welcome import DEALER

Sit = Callable[..., Page]


def test_one_menu_is_open_at_a_time_and_the_keyboard_opens_it(sit: Sit) -> None:
    """Escape closes it and stays where one was; the palette knows what is in them."""
    page = sit("manager")
    page.goto(f"/d/{DEALER}/attention")
    menus = page.locator(".tabs .menu")
    menus.first.locator("summary").click()
    menus.nth(1).locator("summary").click()
    expect(page.locator(".tabs .menu[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".tabs .menu[open]")).to_have_count(0)
    expect(menus.nth(1).locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menus.nth(1).locator("a").first).to_be_focused()
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill("loan")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/d/{DEALER}/loaners")


def test_on_a_phone_a_menu_is_as_wide_as_the_screen(sit: Sit) -> None:
    """Nothing lies beside it."""
    page = sit("manager", language="zh", viewport={"width": 320, "height": 640})
    page.goto(f"/d/{DEALER}/attention")
    for menu in page.locator(".tabs .menu").all():
        menu.locator("summary").click()
        box = menu.locator("div").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
