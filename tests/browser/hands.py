"""Signing in a browser, with a mouse and with a finger."""

from playwright.sync_api import Page

POINTS = ((0.1, 0.6), (0.2, 0.2), (0.3, 0.8), (0.45, 0.3), (0.6, 0.7), (0.8, 0.4))


def pad(page: Page, form: str) -> list[tuple[float, float]]:
    """The box of a form, and where a signature goes in it."""
    box = page.locator(f"{form} .pad svg")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    return [(place["x"] + x * place["width"], place["y"] + y * place["height"]) for x, y in POINTS]


def sign(page: Page, form: str) -> None:
    """Sign with the mouse: one stroke."""
    first, *others = pad(page, form)
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def sign_by_finger(page: Page, form: str) -> None:
    """The same on a screen that is touched."""
    touch = page.context.new_cdp_session(page)
    for at, (x, y) in enumerate(pad(page, form)):
        points = [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if at else "touchStart", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
