"""A car's history in the group, on its page (Rule W22): from its file, or for a VIN or plate that is typed into no address."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.dealership import Dealership
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked
from tests.pages import Browser

DEALER = "sh-history"
HERE = f"/d/{DEALER}"
THERE = f"/d/{OTHER}"


def test_what_was_delivered_here_is_read_at_another_dealer_without_whose_it_is(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]], asked: Asked, dealership: Dealership
) -> None:
    """Rule W22: in both languages, by VIN; the plate leads there to nothing; the order's link stands at its own dealer alone."""
    order = car("delivered")
    vehicle = dealership.agent.get(f"/vehicles/{order['vehicle']['vehicle_id']}")
    advisor = at_desk("advisor")
    file = advisor.get(f"{HERE}/vehicles/{vehicle['id']}")
    assert f"{HERE}/vehicles/{vehicle['id']}/history" in file.links
    own = advisor.get(f"{HERE}/vehicles/{vehicle['id']}/history")
    assert f"{HERE}/orders/{order['id']}" in own.links
    fitted = next(line for line in order["lines"] if line["part_number"])
    for language, says in (("en", "History in the group"), ("zh", "集团维修履历")):
        stranger = at_desk("advisor", dealer=OTHER, language=language)
        page = stranger.get(f"{THERE}/vehicle-history")
        asked.calls.clear()
        found = stranger.send(page, "find", q=f" {vehicle['vin'].lower()} ")
        assert [name for one in asked.calls if one.path.endswith("/vehicle-history") for name in one.query if name == "vin"] == [
            "vin"
        ]
        assert found.path == f"{THERE}/vehicle-history"
        for said in (says, order["number"], "浦东店", fitted["part_number"]):
            assert said in found.text, said
        assert DEALER not in found.text
        assert not [link for link in found.links if "/orders/" in link]
        for private in (order["customer"]["name"], order["customer"]["phone"], vehicle["plate"], order["complaint"]):
            assert private not in found.text, private
    assert order["number"] not in stranger.send(page, "find", q=vehicle["plate"]).text
    by_plate = advisor.send(advisor.get(f"{HERE}/vehicle-history"), "find", q=vehicle["plate"])
    assert order["number"] in by_plate.text
    wrong = advisor.send(advisor.get(f"{HERE}/vehicle-history"), "find", q="-")
    assert (wrong.status, order["number"] in wrong.text) == (200, False)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", ("No car of this dealer has the plate", "17 letters")), ("zh", ("本店没有车牌为", "17 位"))],
)
def test_what_is_no_clean_history_is_not_called_one(
    at_desk: Callable[..., Browser],
    car: Callable[[str], dict[str, Any]],
    dealership: Dealership,
    language: str,
    says: tuple[str, str],
) -> None:
    """Rule W22: a plate of none of this dealer's cars, and a VIN that is none, say so; the reader's dealers have names."""
    order = car("delivered")
    vehicle = dealership.agent.get(f"/vehicles/{order['vehicle']['vehicle_id']}")
    there = at_desk("advisor", dealer=OTHER, language=language)
    page = there.get(f"{THERE}/vehicle-history")
    stranger, mistyped = says
    for plate in (vehicle["plate"], "<script>"):
        assert stranger in there.send(page, "find", q=plate).text
    for typed in (vehicle["vin"][:-1], f"{vehicle['vin'][:-1]}O", f"{vehicle['vin']}1"):
        assert mistyped in there.send(page, "find", q=typed).text, typed
    own = at_desk("advisor", language=language).get(f"{HERE}/vehicles/{vehicle['id']}/history")
    assert "浦东店" in own.source.partition("<main")[2]
