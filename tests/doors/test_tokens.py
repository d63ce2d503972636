"""Getting in: a token for a login and password or for a client's id and secret, and nothing for guesses."""

import base64
from datetime import timedelta

import jwt
import pytest
from structlog.testing import capture_logs

from chassis.process.clock import SystemClock
from chassis.wire.call import Call
from chassis.wire.errors import SettingsError
from chassis.wire.ids import new_id
from contracts.gateway.account import (
    ChangeAccount,
    CreateAccount,
    CreateApiClient,
)
from contracts.gateway.dealer import RegisterDealer
from gateway.http.table import Table
from gateway.http.tokens import Tokens
from tests.doors.house import BEIJING, OWN, ROWS, SECRET, House, problem

PASSWORD = "correct horse battery"
CLIENT_SECRET = "a client's secret of more than 32 characters"
ORDERS = f"/v1/dealers/{OWN}/work-orders"

ACCOUNT = {
    "login": "wang",
    "name": "王强",
    "password": PASSWORD,
    "locale": "zh",
    "dealers": [{"dealer": OWN, "roles": ["service_advisor"]}],
    "group_roles": [],
}


@pytest.fixture
def house(tmp_path) -> House:
    """A house that knows one dealer, one person and one program."""
    # A few routes are enough here, and quicker to describe than all.
    few = Table(
        [row for row in ROWS if row.path.endswith(("/v1/dealers", "/v1/dealers/{dealer}", "/work-orders", "/appointments"))]
    )
    return furnished(House(str(tmp_path), few, LOGIN_FAILURES="3/minute", ADDRESS_FAILURES="6/minute"))


def furnished(house: House) -> House:
    """The house with one dealer, one person and one program."""
    _tell(
        house,
        RegisterDealer,
        {
            "dealer": OWN,
            "name": "浦东店",
            "time_zone": "Asia/Shanghai",
            "currency": "CNY",
            "locale": "zh",
            "tax_mode": "inclusive",
        },
    )
    house.wang = _tell(house, CreateAccount, ACCOUNT)
    _tell(
        house,
        CreateApiClient,
        {
            "client_id": "portal",
            "name": "Group portal",
            "secret": CLIENT_SECRET,
            "dealers": [{"dealer": OWN, "roles": ["booking_agent"]}],
            "group_roles": ["analyst"],
        },
    )
    return house


def _tell(house: House, contract, payload):
    return house.executor.execute(contract, house.service.use_case(contract), payload, Call(principal="cli"), new_id())


def _sign_in(house: House, **posted):
    return house.app.test_client().post("/v1/tokens", data=posted)


def _password(house: House, login: str = "wang", password: str = PASSWORD):
    return _sign_in(house, grant_type="password", username=login, password=password)


def test_a_password_gets_a_token_that_opens_the_own_dealer(house: House) -> None:
    """The token carries who it is; what they may do is asked each time. It is not stored by anyone on the way."""
    answer = _password(house)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    claims = jwt.decode(body["access_token"], SECRET, algorithms=["HS256"], audience="servicelane", issuer="servicelane")
    assert claims["sub"] == f"account:{house.wang['id']}"
    assert claims.keys() == {"iss", "aud", "iat", "exp", "jti", "sub", "sec", "sid"}
    assert claims["exp"] - claims["iat"] == 600
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert house.app.test_client().get(ORDERS, headers=headers).status_code == 200
    assert house.services.calls[0].call.actor == "wang"


def test_the_login_is_not_case_sensitive(house: House) -> None:
    """As it is typed on a telephone."""
    assert _password(house, "Wang").status_code == 200


def test_authorize_in_the_documentation_logs_in(house: House) -> None:
    """As Swagger UI posts it: a form with an empty scope, and with HTTP Basic, for a person empty, for a program its secret."""
    client = house.app.test_client()
    form = {"grant_type": "password", "scope": "", "username": "wang", "password": PASSWORD}
    person = client.post("/v1/tokens", data=form, auth=("", ""))
    program = client.post("/v1/tokens", data={"grant_type": "client_credentials", "scope": ""}, auth=("portal", CLIENT_SECRET))
    for answer in (person, program):
        assert answer.status_code == 200
        assert answer.get_json()["token_type"] == "Bearer"


def test_a_program_gets_a_token_by_its_secret(house: House) -> None:
    """In the body or by HTTP Basic."""
    asked = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": CLIENT_SECRET}
    assert _sign_in(house, **asked).status_code == 200
    basic = base64.b64encode(f"portal:{CLIENT_SECRET}".encode()).decode()
    answer = house.app.test_client().post(
        "/v1/tokens", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.get_json().keys() == {"access_token", "token_type", "expires_in"}  # a program has no session
    claims = jwt.decode(answer.get_json()["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("client:portal", 3600)


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(house: House) -> None:
    """Nobody learns which logins exist."""
    wrong = problem(_password(house, password="wrong"), 401, "invalid_credentials")
    unknown = problem(_password(house, login="nobody"), 401, "invalid_credentials")
    assert wrong == unknown
    program = _sign_in(house, grant_type="client_credentials", client_id="portal", client_secret=PASSWORD)
    assert problem(program, 401, "invalid_credentials") == wrong


def test_a_locked_account_gets_no_token(house: House) -> None:
    """And is refused like a wrong password."""
    facts = {name: ACCOUNT[name] for name in ("name", "locale", "dealers", "group_roles")}
    _tell(house, ChangeAccount, {"account_id": house.wang["id"], "active": False, **facts})
    problem(_password(house), 401, "invalid_credentials")


def test_guessing_is_slowed_down(house: House) -> None:
    """After three failures of a login from an address even the right password waits; others from there may still come in."""
    for _ in range(3):
        problem(_password(house, password="wrong"), 401, "invalid_credentials")
    response = _password(house)
    problem(response, 429, "too_many_requests")
    assert int(response.headers["Retry-After"]) >= 1
    asked = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": CLIENT_SECRET}
    assert _sign_in(house, **asked).status_code == 200


def test_guessing_many_logins_from_one_address_is_slowed_down(house: House) -> None:
    """Six failures of whomever, and the address waits."""
    for number in range(6):
        problem(_password(house, login=f"guess{number}"), 401, "invalid_credentials")
    problem(_password(house), 429, "too_many_requests")


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"grant_type": "refresh_token"}, "refresh_token"),
        ({"grant_type": "refresh_token", "refresh_token": "x" * 201}, "refresh_token"),
        ({"username": "wang"}, "grant_type"),
        ({"grant_type": "magic"}, "grant_type"),
        ({"grant_type": "password", "username": "wang"}, "password"),
        ({"grant_type": "client_credentials", "client_id": "portal"}, "client_secret"),
        ({"grant_type": "password", "username": "wang\0", "password": "x"}, "username"),
        ({"grant_type": "password", "username": "wang", "password": "x", "scope": "all"}, "scope"),
    ],
)
def test_a_garbled_sign_in_is_refused_by_name(house: House, posted: dict, field: str) -> None:
    """422 naming the field."""
    assert field in problem(_sign_in(house, **posted), 422, "invalid")["errors"]


def test_a_garbled_body_is_a_problem_too(house: House) -> None:
    """415 for what is no form, JSON too; 413 for a flood."""
    client = house.app.test_client()
    problem(client.post("/v1/tokens", json={"grant_type": "password"}), 415, "unsupported_media_type")
    problem(client.post("/v1/tokens", data="x", content_type="text/plain"), 415, "unsupported_media_type")
    problem(client.post("/v1/tokens", data={"username": "x" * 20_000}), 413, "request_too_large")


def test_a_token_that_was_good_expires(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is not better for having been seen before."""
    headers = {"Authorization": f"Bearer {_password(house).get_json()['access_token']}"}
    client = house.app.test_client()
    assert client.get(ORDERS, headers=headers).status_code == 200
    later = SystemClock().now() + timedelta(seconds=601)
    monkeypatch.setattr(SystemClock, "now", lambda clock: later)
    with capture_logs() as logs:
        problem(client.get(ORDERS, headers=headers), 401, "not_authenticated")
    assert [line["why"] for line in logs if line["event"] == "token_refused"] == ["expired"], (
        "operators see what callers are not told"
    )


@pytest.mark.parametrize("secret", [None, "", "too short", "x" * 31])
def test_a_secret_too_short_stops_the_start(secret: str | None) -> None:
    """One line naming the variable."""
    with pytest.raises(SettingsError, match="JWT_SECRET"):
        Tokens(secret)


def test_an_administrator_registers_and_the_same_key_answers_the_same(house: House) -> None:
    """The whole way through the gateway's own database: created once, repeated under its key, refused under another."""
    _tell(house, CreateAccount, {**ACCOUNT, "login": "admin", "dealers": [], "group_roles": ["administrator"]})
    token = _password(house, login="admin").get_json()["access_token"]
    register = next(row for row in ROWS if row.route.request is RegisterDealer)

    def post(key: str, **changes):
        return house.ask(register, token=token, change={**BEIJING, **changes}, headers={"Idempotency-Key": key, "If-Match": None})

    first = post("k1")
    assert first.status_code == 201
    assert first.headers["ETag"].startswith('"1-')
    assert first.headers["Location"] == "/v1/dealers/bj"
    assert post("k1").get_json() == first.get_json()
    problem(post("k1", dealer="other"), 422, "idempotency_key_reused")
    problem(post("k2"), 409, "dealer_registered")
    assert set(problem(post("k3", dealer="mars", time_zone="Mars/Olympus"), 422, "invalid")["errors"]) == {"time_zone"}
