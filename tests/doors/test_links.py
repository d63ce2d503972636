"""Routes of one-time links at the door: whoever has the token comes in, by its hash, and to nothing else (Rule W8)."""

import hashlib
from typing import Any

import pytest

from chassis.wire.errors import NotFound
from contracts.roles import DEALER_ROLES, GROUP_ROLES
from gateway.http.table import Row
from tests.doors.house import DEALER_ROWS, LINK_ROWS, LINK_TOKEN, OTHER, OWN, House, name, problem, token

every_link_route = pytest.mark.parametrize("row", LINK_ROWS, ids=name)
every_dealer_route = pytest.mark.parametrize("row", DEALER_ROWS, ids=name)

BAD_LINKS = ["x", "x" * 42, "x" * 87, "x" * 42 + ".", "x" * 42 + "é", "../" * 20, "x" * 20 + " " + "x" * 30]


@every_link_route
def test_what_can_be_no_link_leads_nowhere(house: House, row: Row) -> None:
    """404 like one that nobody made, before headers and body are looked at; of no dealer that can exist, too."""
    everywhere = token(dealers={OWN: list(DEALER_ROLES)}, group=list(GROUP_ROLES))
    for bad in (*BAD_LINKS, everywhere):
        problem(house.ask(row, token=bad, headers={"Idempotency-Key": None}), 404, "not_found")
    for nowhere in ("SH", "sh_pudong", "x" * 33, "-"):
        problem(house.ask(row, token=LINK_TOKEN, dealer=nowhere), 404, "not_found")
    assert house.services.calls == []
    house.services.answer = _nothing_there
    unknown = problem(house.ask(row, token=LINK_TOKEN), 404, "not_found")
    assert _but_instance(unknown) == _but_instance(problem(house.ask(row, token="x"), 404, "not_found"))


@every_link_route
def test_a_link_is_looked_for_at_the_dealer_of_the_path_alone(house: House, row: Row) -> None:
    """By its hash: nothing of the token goes on, nor can anybody name the hash themselves."""
    for dealer in (OWN, OTHER):
        assert house.ask(row, token=LINK_TOKEN, dealer=dealer).status_code in (row.route.status, 404)
    digest = hashlib.sha256(LINK_TOKEN.encode()).hexdigest()
    assert [(one.call.dealer, one.payload["token_hash"]) for one in house.services.calls] == [(OWN, digest), (OTHER, digest)]
    assert LINK_TOKEN not in str(house.services.calls)
    house.services.calls.clear()
    body = problem(house.ask(row, token=LINK_TOKEN, change={"token_hash": digest}), 422, "invalid")
    assert (set(body["errors"]), house.services.calls) == ({"token_hash"}, [])


@every_dealer_route
def test_a_links_token_opens_nothing_else(house: House, row: Row) -> None:
    """It is no access token."""
    problem(house.ask(row, token=LINK_TOKEN), 401, "not_authenticated")


def _nothing_there(noted: Any) -> None:
    raise NotFound("not_found", kind="signing_link")


def _but_instance(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "instance"}
