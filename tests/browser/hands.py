"""Hands at a browser: taps that are counted, and signatures with a mouse and with a finger."""

from playwright.sync_api import Locator, Page

POINTS = ((0.1, 0.6), (0.2, 0.2), (0.3, 0.8), (0.45, 0.3), (0.6, 0.7), (0.8, 0.4))


class Taps:
    """Counts what hands do besides typing and signing: a tap each, and two for a choice out of a list."""

    def __init__(self) -> None:
        self.counted = 0

    def on(self, what: Locator) -> None:
        """Tap it."""
        what.click()
        self.counted += 1

    def choose(self, of: Locator, value: str) -> None:
        """Open the list and choose."""
        of.select_option(value)
        self.counted += 2


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
