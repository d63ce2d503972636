"""What ran low, and levels by hand, on the screens (Rule P4)."""

from collections.abc import Callable

import pytest

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-low-parts"
HERE = f"/d/{DEALER}"

Desk = Callable[..., Browser]
TEXTS = {
    "en": ("Ran low", "Levels by hand", "below the reorder point"),
    "zh": ("库存预警", "手工设定的库存水平", "不得低于订货点"),
}


@pytest.mark.parametrize("language", TEXTS)
def test_levels_are_set_by_hand_and_worked_out_again(at_desk: Desk, dealership: Dealership, language: str) -> None:
    """What is proposed because of them says so; what contradicts itself is refused in the reader's words."""
    title, levels, refused = TEXTS[language]
    clerk = at_desk("clerk", language=language)
    page = clerk.get(f"{HERE}/low-parts")
    assert (title in page.text, levels in page.text) == (True, True)
    wrong = clerk.send(page, "level", part_number="wiper 24", reorder_point="9000", order_up_to="10")
    assert (wrong.status, refused in wrong.text) == (422, True)
    page = clerk.send(page, "level", part_number="wiper 24", reorder_point="9000", order_up_to="9000")
    assert (page.status, "WIPER-24" in page.text) == (200, True)
    said = {"en": "by hand", "zh": "人工设定"}[language]
    assert said in clerk.get(f"{HERE}/what-to-order").text
    page = clerk.send(clerk.get(f"{HERE}/low-parts"), "drop", part_number="WIPER-24")
    assert (page.status, dealership.clerk.get("/stock-levels")["items"]) == (200, [])
    assert at_desk("advisor", language=language).get(f"{HERE}/low-parts").status == 403


def test_levels_beyond_a_page_are_on_the_next(at_desk: Desk, dealership: Dealership, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page says that there are others."""
    monkeypatch.setattr("console.screens.ordering.PAGE", 1)
    numbers = ("PAD-F-77", "WIPER-24")
    for number in numbers:
        dealership.clerk.post("/stock-levels", {"part_number": number, "reorder_point": "0", "order_up_to": "1"})
    clerk = at_desk("clerk")
    page = clerk.get(f"{HERE}/low-parts")
    [more] = [one for one in page.links if "levels=" in one]
    rest = clerk.get(more.partition("#")[0])
    levels = [one.source.partition('id="about-levels"')[2] for one in (page, rest)]
    assert [[number in one for number in numbers] for one in levels] == [[True, False], [False, True]]
    for number in numbers:
        dealership.clerk.post("/stock-levels/drop", {"part_number": number})
