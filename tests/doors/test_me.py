"""Who asks, as they are told themselves: what a shell needs to greet them and to offer the dealers they work for."""

from contracts.gateway.account import CreateAccount
from tests.doors.house import OWN, House
from tests.doors.test_sessions import _begin, _get, house
from tests.doors.test_tokens import ACCOUNT, CLIENT_SECRET, _sign_in, _tell

__all__ = ["house"]


def test_who_i_am(house: House) -> None:
    """What a shell needs: name, language, and each dealer with its name, zone, currency and my roles there."""
    me = _get(house, _begin(house)["access_token"], "/v1/me")
    assert me.status_code == 200
    assert me.get_json() == {
        "kind": "person",
        "login": "wang",
        "name": "王强",
        "locale": "zh",
        "group_roles": [],
        "dealers": [
            {
                "dealer": OWN,
                "name": "浦东店",
                "time_zone": "Asia/Shanghai",
                "currency": "CNY",
                "locale": "zh",
                "roles": ["service_advisor"],
            }
        ],
    }


def test_a_program_may_ask_who_it_is(house: House) -> None:
    """Its client id is its login."""
    asked = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": CLIENT_SECRET}
    me = _get(house, _sign_in(house, **asked).get_json()["access_token"], "/v1/me").get_json()
    assert (me["kind"], me["login"], me["locale"], me["group_roles"]) == ("program", "portal", "en", ["analyst"])
    assert [(one["dealer"], one["roles"]) for one in me["dealers"]] == [(OWN, ["booking_agent"])]


def test_who_works_nowhere_may_ask_who_they_are(house: House) -> None:
    """And sees no dealer."""
    _tell(house, CreateAccount, {**ACCOUNT, "login": "zhao", "name": "赵敏", "dealers": []})
    me = _get(house, _begin(house, "zhao")["access_token"], "/v1/me").get_json()
    assert (me["login"], me["dealers"]) == ("zhao", [])
