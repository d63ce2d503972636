"""Every route of every contract, tried at the door by those who may not enter and by those who may."""

import re
from dataclasses import MISSING, fields
from datetime import timedelta

import pytest

from chassis.wire.codec import schema_of
from chassis.wire.errors import NotFound
from chassis.wire.keys import KeyField
from contracts.roles import ADMINISTRATOR, ANALYST, DEALER_ROLES, GROUP_ROLES, SERVICE_MANAGER
from gateway.http.table import Row
from locales import sentence
from tests.doors.examples import SOME_ID, example
from tests.doors.house import (
    ABSENT,
    COMMANDS,
    DEALER_ROWS,
    GROUP_ROWS,
    OTHER,
    OWN,
    OWN_ROWS,
    REMOTE,
    ROLE_ROWS,
    ROWS,
    SIGNED_IN,
    House,
    name,
    problem,
    token,
    token_for,
    token_without,
)

every_route = pytest.mark.parametrize("row", ROWS, ids=name)
every_dealer_route = pytest.mark.parametrize("row", DEALER_ROWS, ids=name)
every_route_of_roles = pytest.mark.parametrize("row", ROLE_ROWS, ids=name)
every_route_of_accounts = pytest.mark.parametrize("row", SIGNED_IN, ids=name)
every_own_route = pytest.mark.parametrize("row", OWN_ROWS, ids=name)
every_group_route = pytest.mark.parametrize("row", GROUP_ROWS, ids=name)
every_command = pytest.mark.parametrize("row", COMMANDS, ids=name)
every_remote_route = pytest.mark.parametrize("row", REMOTE, ids=name)
every_route_with_an_id = pytest.mark.parametrize(
    "row", [row for row in ROWS if any(field.endswith("_id") for field in row.placeholders)], ids=name
)
every_list = pytest.mark.parametrize("row", [row for row in ROWS if "cursor" in schema_of(row.route.request).fields], ids=name)


@every_route
def test_a_route_says_who_may_call_it(row: Row) -> None:
    """A route without a role, or with one that does not exist at its scope, would be open to nobody or to the wrong one.

    What is everybody's own names none, and neither does what a one-time link leads to.
    """
    assert bool(row.route.roles) == (row.route.scope not in ("own", "link"))
    assert set(row.route.roles) <= set(GROUP_ROLES if row.route.scope == "group" else DEALER_ROLES)
    assert row.route.summary
    assert sentence(route := f"route.{row.route.request.service}.{row.route.request.method}", "zh") != route


@every_route
def test_without_a_token_nobody_enters(house: House, row: Row) -> None:
    """401, whatever else is right or wrong with the request."""
    response = house.ask(row, headers={"Idempotency-Key": None, "If-Match": "garbled"}, change={"no_such_field": 1})
    problem(response, 401, "not_authenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert house.services.calls == []


BAD_TOKENS = {
    "expired": {"age": timedelta(hours=2)},
    "of another secret": {"secret": "somebody else's secret of enough bytes for any algorithm we could mean"},
    "unsigned": {"algorithm": "none"},
    "of another algorithm": {"algorithm": "HS512"},
    "for another audience": {"aud": "elsewhere"},
    "of another issuer": {"iss": "elsewhere"},
    "that never expires": {"leave_out": "exp"},
    "of nobody": {"leave_out": "sub"},
    "of a locked account": {"active": False},
    "of an earlier secret": {"sec": 0},
    "of an odd secret": {"sec": "first"},
    "without its secret's number": {"leave_out": "sec"},
    "of a session that has ended": {"sid": SOME_ID},
}


@every_route_of_accounts
@pytest.mark.parametrize("bad", BAD_TOKENS)
def test_a_bad_token_opens_nothing(house: House, row: Row, bad: str) -> None:
    """401 for a token that is not ours, not meant for us, or no longer good."""
    rights = {"dealers": {OWN: list(DEALER_ROLES)}, "group": list(GROUP_ROLES)}
    problem(house.ask(row, token=token(**{**rights, **BAD_TOKENS[bad]})), 401, "not_authenticated")
    assert house.services.calls == []


@every_dealer_route
def test_another_dealer_looks_like_an_absent_one(house: House, row: Row) -> None:
    """Whoever belongs to one dealer cannot tell another from one that does not exist."""
    mine = token(dealers={OWN: list(DEALER_ROLES)}, group=[ADMINISTRATOR, ANALYST])
    other = problem(house.ask(row, dealer=OTHER, token=mine), 404, "not_found")
    absent = problem(house.ask(row, dealer=ABSENT, token=mine), 404, "not_found")
    assert _but_instance(other) == _but_instance(absent)
    assert house.services.calls == []


@every_route_of_roles
def test_another_role_is_forbidden(house: House, row: Row) -> None:
    """403, naming the roles that would do, for someone of the same dealer or group; before headers and body are looked at."""
    without = token_without(row)
    if without is None:
        assert set(row.route.roles) >= set(DEALER_ROLES) - {SERVICE_MANAGER} or set(row.route.roles) == set(GROUP_ROLES)
        without = token(dealers={OWN: []})
    refused = problem(house.ask(row, token=without, headers={"Idempotency-Key": None, "If-Match": None}), 403, "forbidden")
    assert set(refused["details"]["role_needed"].split(" / ")) == set(row.route.roles)
    assert house.services.calls == []


@every_group_route
def test_no_dealers_role_reaches_the_group(house: House, row: Row) -> None:
    """Not even the service manager of every dealer."""
    problem(house.ask(row, token=token(dealers={OWN: list(DEALER_ROLES), OTHER: list(DEALER_ROLES)})), 403, "forbidden")


@every_own_route
def test_what_is_ones_own_takes_no_role(house: House, row: Row) -> None:
    """Neither of a dealer nor of the group: it is the request itself that is looked at, and here finds nothing."""
    response = house.ask(row, token=token(), change={} if row.is_command else {"cursor": None})
    assert response.status_code in (200, 404, 422), response.get_data(as_text=True)
    assert house.services.calls == []


@every_dealer_route
def test_the_service_manager_may_do_what_any_role_may(house: House, row: Row) -> None:
    """At the own dealer, without holding the route's roles."""
    first_page = {} if row.is_command else {"cursor": None}  # the gateway reads its own cursors, and an example is none
    response = house.ask(row, token=token(dealers={OWN: [SERVICE_MANAGER]}), change=first_page)
    assert response.status_code == row.route.status


def as_read(row: Row, values: dict) -> dict:
    """A body goes on as it was written; what stands in a query string is read first, and a text key has one spelling then."""
    if row.is_command:
        return values
    named = schema_of(row.route.request).fields
    return {
        name: named[name].deserialize(value) if isinstance(named[name], KeyField) else value for name, value in values.items()
    }


@every_remote_route
def test_who_may_reaches_the_service_with_all_that_it_must_know(house: House, row: Row) -> None:
    """The call carries dealer, principal, actor, roles, deadline, key, request hash, version; the payload the path's values."""
    key = "a-key-of-mine"
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    response = house.ask(row, token=token_for(row), headers={"Idempotency-Key": key, "traceparent": trace})
    assert response.status_code == row.route.status, response.get_data(as_text=True)
    assert re.fullmatch('"7-[0-9a-f]{16}"', response.headers["ETag"])
    assert response.headers["traceparent"] == trace
    (noted,) = house.services.calls
    assert (noted.service, noted.method) == (row.route.request.service, row.route.request.method)
    _, values = example(row)
    assert noted.payload.keys() == schema_of(row.route.request).fields.keys()
    assert {field: noted.payload[field] for field in values} == as_read(row, values)
    call = noted.call
    assert call.dealer == (None if row.route.scope == "group" else OWN)
    by_link = row.route.scope == "link"
    assert (call.actor, call.roles) == (("link", ()) if by_link else ("wang", (row.route.roles[0],)))
    assert call.principal.startswith("link:" if by_link else "account:")
    assert call.traceparent == trace
    assert call.deadline is not None
    assert 0 < noted.timeout <= 60
    if row.is_command:
        assert (call.idempotency_key, call.if_match) == (key, 7)
        assert len(call.request_hash or "") == 64


@every_command
def test_a_post_needs_an_idempotency_key(house: House, row: Row) -> None:
    """400 without one or with a garbled one; other methods may do without."""
    missing = house.ask(row, token=token_for(row), headers={"Idempotency-Key": None})
    if row.route.method == "POST":
        problem(missing, 400, "idempotency_key_missing")
        assert house.services.calls == []
    else:
        assert missing.status_code != 400
    house.services.calls.clear()
    for garbled in ("", " ", "x" * 129, "a key", "键".encode().decode("latin-1")):
        response = house.ask(row, token=token_for(row), headers={"Idempotency-Key": garbled})
        problem(response, 400, "malformed_idempotency_key")
    assert house.services.calls == []


@every_command
def test_changing_needs_the_version_that_was_seen(house: House, row: Row) -> None:
    """428 without If-Match where the contract demands it; 400 for a garbled one everywhere."""
    missing = house.ask(row, token=token_for(row), headers={"If-Match": None})
    if row.route.if_match:
        problem(missing, 428, "if_match_missing")
        assert house.services.calls == []
    else:
        assert missing.status_code != 428
    house.services.calls.clear()
    for garbled in ('w/"7"', "7", '"7", "8"', "*", '"seven"', '"-1"', '""'):
        problem(house.ask(row, token=token_for(row), headers={"If-Match": garbled}), 400, "malformed_if_match")
    assert house.services.calls == []


@every_route
def test_what_the_contract_does_not_know_is_refused_by_name(house: House, row: Row) -> None:
    """A typo must not be ignored, neither in a body nor in a query string."""
    body = problem(house.ask(row, token=token_for(row), change={"no_such_field": "1"}), 422, "invalid")
    assert set(body["errors"]) == {"no_such_field"}
    assert "no_such_field" in body["detail"]
    assert house.services.calls == []


@every_route
def test_what_is_required_is_asked_for_by_name(house: House, row: Row) -> None:
    """422 naming every field that was left out and has no default."""
    path, _ = example(row)
    required = {
        field.name
        for field in fields(row.route.request)
        if field.default is MISSING and field.default_factory is MISSING and field.name not in row.placeholders | row.proven
    }
    response = house.app.test_client().open(
        path.replace("{dealer}", OWN),
        method=row.route.method,
        headers={"Authorization": f"Bearer {token_for(row)}", "Idempotency-Key": "k", "If-Match": '"7"'},
    )
    if required:
        assert set(problem(response, 422, "invalid")["errors"]) == required
        assert house.services.calls == []
    else:
        assert response.status_code != 422


@every_command
def test_a_body_that_is_no_json_object_is_refused(house: House, row: Row) -> None:
    """400 for what cannot be read, 415 for another form, 422 for another shape."""
    path, _ = example(row)
    headers = {"Authorization": f"Bearer {token_for(row)}", "Idempotency-Key": "k", "If-Match": '"7"'}
    client = house.app.test_client()

    def send(data: bytes, content_type: str = "application/json"):
        return client.open(
            path.replace("{dealer}", OWN), method=row.route.method, headers=headers, data=data, content_type=content_type
        )

    for unreadable in (b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000):
        problem(send(unreadable), 400, "malformed_request")
    problem(send(b"{}", "text/plain"), 415, "unsupported_media_type")
    problem(send(b"[]"), 422, "invalid")
    assert house.services.calls == []


@every_route_with_an_id
def test_a_nested_id_that_is_none_is_not_found(house: House, row: Row) -> None:
    """What cannot be an id of anything answers exactly like an id of nothing, and no service is asked."""
    path = row.path
    for field in row.placeholders:
        path = path.replace(f"{{{field}}}", "no id, and no number")
    impossible = problem(house.ask(row, token=token_for(row), path=path), 404, "not_found")
    assert house.services.calls == []
    house.services.answer = _nothing_there
    absent = problem(house.ask(row, token=token_for(row)), 404, "not_found")
    assert _but_instance(impossible) == _but_instance(absent)


@every_list
def test_a_cursor_goes_to_the_service_that_made_it(house: House, row: Row) -> None:
    """The gateway does not read cursors; what the service says of a false one is a 422 that names it."""
    response = house.ask(row, token=token_for(row), change={"cursor": "bm9uZQ=="})
    if row.service == "gateway":
        assert set(problem(response, 422, "invalid")["errors"]) == {"cursor"}
    else:
        assert house.services.calls[0].payload["cursor"] == "bm9uZQ=="


def _nothing_there(noted):
    raise NotFound("not_found", kind="thing", id="whatever")


def _but_instance(body: dict) -> dict:
    return {name: value for name, value in body.items() if name != "instance"}
