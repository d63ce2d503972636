"""What a token opens follows its account or API client: at once here, within seconds at another gateway."""

import time
from types import SimpleNamespace

import pytest

from chassis.wire.call import Call
from contracts.gateway.account import ChangeAccount, ListApiClients, SetClientSecret, SetPassword
from gateway.http import standing
from tests.doors.house import OWN, House, problem
from tests.doors.test_tokens import ACCOUNT, CLIENT_SECRET, ORDERS, PASSWORD, _password, _sign_in, _tell, house

__all__ = ["house"]


def _ask(house: House, query):
    return house.executor.ask(type(query), house.service.use_case(type(query)), query.dump(), Call())


def _facts(house: House, **changes) -> dict:
    facts = {name: ACCOUNT[name] for name in ("name", "locale", "dealers", "group_roles")}
    return {"account_id": house.wang["id"], "active": True, **facts, **changes}


CHANGES = {
    "locked": (401, {"active": False}),
    "without the dealer": (404, {"dealers": []}),
    "with another role": (403, {"dealers": [{"dealer": OWN, "roles": ["parts_clerk"]}]}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_token_is_worth_what_its_account_is_worth_now(house: House, change: str) -> None:
    """Rule G1: locked out, sent away or given another role, it is seen at the next request; and so is the way back.

    Whoever was locked out was signed out, too, and signs in again.
    """
    status, changed = CHANGES[change]

    def post(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
        return house.app.test_client().post(ORDERS, headers=headers, json={}).status_code

    token = _password(house).get_json()["access_token"]
    assert post(token) == 201
    _tell(house, ChangeAccount, _facts(house, **changed))
    assert post(token) == status
    _tell(house, ChangeAccount, _facts(house))
    assert post(token) == (401 if change == "locked" else 201)
    assert post(_password(house).get_json()["access_token"]) == 201


def test_a_replaced_secret_ends_the_tokens_that_were_given_for_it(house: House) -> None:
    """Rule G1: of people and of programs; a new token is good again."""
    client = house.app.test_client()
    portal = next(one for one in _ask(house, ListApiClients())["items"] if one["client_id"] == "portal")
    asked = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": CLIENT_SECRET}
    bookings = f"/v1/dealers/{OWN}/appointments"
    for path, signed_in, contract, replaced, again in (
        (ORDERS, _password(house), SetPassword, {"account_id": house.wang["id"], "password": PASSWORD}, lambda: _password(house)),
        (
            bookings,
            _sign_in(house, **asked),
            SetClientSecret,
            {"api_client_id": portal["id"], "secret": CLIENT_SECRET},
            lambda: _sign_in(house, **asked),
        ),
    ):
        headers = {"Authorization": f"Bearer {signed_in.get_json()['access_token']}"}
        assert client.get(path, headers=headers).status_code == 200
        _tell(house, contract, replaced)
        problem(client.get(path, headers=headers), 401, "not_authenticated")
        new = {"Authorization": f"Bearer {again().get_json()['access_token']}"}
        assert client.get(path, headers=new).status_code == 200


def test_another_gateway_sees_a_change_within_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule G1: what another process has committed is not told, so what is known is asked anew after a moment."""
    headers = {"Authorization": f"Bearer {_password(house).get_json()['access_token']}"}
    client = house.app.test_client()
    monkeypatch.setattr(house.executor, "committed", lambda: None)  # as if another one had committed
    now = time.monotonic()
    monkeypatch.setattr(standing, "time", SimpleNamespace(monotonic=lambda: now))
    assert client.get(ORDERS, headers=headers).status_code == 200
    _tell(house, ChangeAccount, _facts(house, active=False))
    now += standing.SECONDS + 0.1
    problem(client.get(ORDERS, headers=headers), 401, "not_authenticated")
    assert standing.SECONDS <= 5
