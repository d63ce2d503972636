"""Who finds which screens, and how many stand side by side."""

from collections.abc import Callable

import pytest

from console.screens import SCREENS
from tests.pages import Browser

DEALER = "sh-navigation"

Desk = Callable[..., Browser]


@pytest.mark.parametrize(("role", "gathered"), [("manager", True), ("advisor", True), ("agent", False)])
def test_who_finds_many_screens_finds_them_by_area(at_desk: Desk, *, role: str, gathered: bool) -> None:
    """In a menu each; ten stand side by side. A service manager finds all of them."""
    page = at_desk(role).get(f"/d/{DEALER}")
    navigation = page.source.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    assert ("<details" in navigation) == gathered
    if gathered:
        assert f'href="/d/{DEALER}/rescues"' in navigation
    if role == "manager":
        assert navigation.count("<a ") == sum(1 for screen in SCREENS if screen.whose)
        assert navigation.count("<details") == len({screen.area for screen in SCREENS if screen.area != screen.name})


def test_the_menu_with_the_screen_one_looks_at_says_so(at_desk: Desk) -> None:
    """Nobody opens five menus to see where they are."""
    page = at_desk("manager", language="zh").get(f"/d/{DEALER}/lane")
    assert '<summary aria-current="true">预约接待</summary>' in page.source
    assert page.source.count('<summary aria-current="true">') == 1
