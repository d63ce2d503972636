"""A technician's own work: what a car lacks is seen before somebody begins what cannot be done."""

from typing import Any

import pytest

from tests.unit.console.floor import DEALER, board, foremans_console


def given() -> list[dict[str, Any]]:
    """Two orders of the floor, as a technician is answered."""
    orders = [one for one in board(60)["orders"] if one["status"] == "dispatched"][:2]
    plain = {"high_voltage": None, "name_zh": None, "name_en": None, "technician": None}
    return [{**one, "high_voltage": None, "lines": [{**plain, **line} for line in one["lines"]]} for one in orders]


def text_of(*orders: dict[str, Any], language: str) -> str:
    """The technician's page with these orders."""
    mine = {"running": None, "orders": list(orders), "handed_in": []}
    with foremans_console(0, role="technician", my_work=mine) as app, app.test_client() as browser:
        browser.set_cookie("lane", "h")
        browser.set_cookie("lane-language", language)
        answer = browser.get(f"/d/{DEALER}/my-work")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


@pytest.mark.parametrize(("language", "says"), [("en", "lacks DISC-F-77 × 36"), ("zh", "缺件 DISC-F-77 × 36")])
@pytest.mark.parametrize("place", [0, 1])
def test_a_car_that_lacks_a_part_says_which(place: int, language: str, says: str) -> None:
    """Rule W22: on the order that stands first, and among those to choose from."""
    orders = given()
    assert says not in text_of(*orders, language=language)
    orders[place]["short"] = [{"part_number": "DISC-F-77", "quantity": "36"}]
    assert text_of(*orders, language=language).count(says) == 1
