"""The route table refuses to contradict itself."""

import pytest

from contracts.gateway.dealer import GetDealer, ListDealers
from contracts.http import Route
from contracts.roles import ADMINISTRATOR, CASHIER, SERVICE_MANAGER, TECHNICIAN
from gateway.http.table import Row, Table, services


def route(path: str = "/dealers", request=ListDealers, **more) -> Row:
    """A row of the gateway's."""
    facts = {"method": "GET", "roles": (ADMINISTRATOR,), "scope": "group", **more}
    return Row("gateway", Route(path=path, request=request, **facts))


def test_two_routes_of_one_path_and_method_are_refused() -> None:
    """One of them would never be reached."""
    with pytest.raises(ValueError, match="GET /v1/dealers is claimed by gateway and gateway"):
        Table([route(), route()])


def test_a_placeholder_must_be_a_field_of_the_request() -> None:
    """A misspelt one would fill nothing."""
    with pytest.raises(ValueError, match="GetDealer has no field deeler"):
        Table([route("/dealers/{deeler}", GetDealer)])


def test_the_service_manager_rules_the_own_dealer_only() -> None:
    """Whatever any role of the dealer may, and nothing of the group's."""
    at_dealer = route(scope="dealer", roles=(CASHIER,))
    assert at_dealer.allows(frozenset({SERVICE_MANAGER}))
    assert at_dealer.allows(frozenset({CASHIER, TECHNICIAN}))
    assert not at_dealer.allows(frozenset({TECHNICIAN}))
    assert not at_dealer.allows(frozenset())
    assert not route().allows(frozenset({SERVICE_MANAGER}))


def test_every_service_with_a_contract_is_found() -> None:
    """Without a list kept by hand."""
    assert services() == ["billing", "booking", "crm", "parts", "workshop"]
