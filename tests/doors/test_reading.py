"""What a request says is read strictly, at every door: said twice, unreadable or unasked for, it is refused and named."""

import json

import pytest

from gateway.http.table import Row
from tests.doors.examples import example
from tests.doors.house import COMMANDS, OWN, ROWS, House, name, problem, token_for

every_route = pytest.mark.parametrize("row", ROWS, ids=name)
every_command = pytest.mark.parametrize("row", COMMANDS, ids=name)
every_read = pytest.mark.parametrize("row", [row for row in ROWS if not row.is_command], ids=name)

UNREADABLE = {
    b"{": "line 1, column 2",
    b'{"a": 1,\n  "b" 2}': "line 2, column 7",
    b"{} {}": "line 1, column 4",
    b'{"a": 1,}': "line 1, column 9",
    b'{"a": NaN}': "NaN",
    b'{"a": -Infinity}': "-Infinity",
    b'{"a": 1e99999}': "1e99999",
    b'{"a": ' + b"9" * 5000 + b"}": "too large",
    b'\xef\xbb\xbf{"a": 1}': "byte order mark",
    '{"a": "é"}'.encode("latin-1"): "byte 8",
    '{"a": 1}'.encode("utf-16"): "byte 1",
    b'{"a": "\\ud800"}': "half a character",
    b"[" * 100_000: "too deep",
    b"null": "object",
}

OTHER_TYPES = [
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/json; charset=gbk"},
    {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    {"Content-Type": "application/x-www-form-urlencoded"},
]


def send(house: House, row: Row, data: bytes = b"", query: str = "", **headers: str):
    """One request of a route with this body and query string."""
    path, _ = example(row)
    known = {"Authorization": f"Bearer {token_for(row)}", "Idempotency-Key": "k", "If-Match": '"7"'}
    url = f"{path.replace('{dealer}', OWN)}{query}"
    headers = {"Content-Type": "application/json"} | headers
    return house.app.test_client().open(url, method=row.route.method, headers=known | headers, data=data)


@every_command
def test_what_is_no_json_says_why_and_where(house: House, row: Row) -> None:
    """400, with line and column, or what it is that JSON has not."""
    for body, why in UNREADABLE.items():
        refused = problem(send(house, row, body), 400, "malformed_request")
        assert why in refused["detail"]
        assert list(refused["errors"]) == ["body"]
    assert house.services.calls == []


@every_command
def test_a_property_that_stands_twice_is_named(house: House, row: Row) -> None:
    """Which of the two was meant, nobody can tell; also deep inside."""
    refused = problem(send(house, row, b'{"a": 1, "lines": [{}, {"b": {"c": 1, "c": 1}}], "a": 2}'), 422, "invalid")
    assert set(refused["errors"]) == {"a", "lines.1.b.c"}
    assert house.services.calls == []


@every_command
def test_a_body_of_another_type_is_refused_and_named(house: House, row: Row) -> None:
    """415 that says what came and what is wanted: type, character set, coding."""
    for headers in OTHER_TYPES:
        refused = problem(send(house, row, b"{}", **headers), 415, "unsupported_media_type")
        for what in headers.values():
            assert what in refused["detail"]
        assert "application/json" in refused["details"]["wanted"]
    assert house.services.calls == []


@every_command
def test_a_command_reads_nothing_of_a_query_string(house: House, row: Row) -> None:
    """`?dry_run=true` would be thought to have worked."""
    refused = problem(send(house, row, json.dumps(example(row)[1]).encode(), "?dry_run=true"), 422, "invalid")
    assert set(refused["errors"]) == {"dry_run"}
    assert house.services.calls == []


@every_read
def test_a_read_has_no_body(house: House, row: Row) -> None:
    """It would be dropped."""
    assert set(problem(send(house, row, b"{}"), 422, "invalid")["errors"]) == {"body"}
    assert house.services.calls == []


@every_read
def test_a_parameter_given_twice_or_unreadable_is_named(house: House, row: Row) -> None:
    """Whether or not there is one of that name; only a list may be given several times."""
    assert set(problem(send(house, row, query="?nonsense=1&nonsense=1"), 422, "invalid")["errors"]) == {"nonsense"}
    assert "nonsense" in problem(send(house, row, query="?nonsense=%ff"), 422, "invalid")["errors"]
    _, values = example(row)
    for one, value in values.items():
        doubled = f"?{one}={value}&{one}={value}" if not isinstance(value, list) else None
        if doubled is not None:
            assert one in problem(send(house, row, query=doubled), 422, "invalid")["errors"]
    assert house.services.calls == []


def test_a_list_may_be_given_several_times(house: House) -> None:
    """One value each."""
    lists = [row for row in ROWS if not row.is_command and isinstance(example(row)[1].get("status"), list)]
    assert lists
    for row in lists:
        status = example(row)[1]["status"][0]
        assert send(house, row, query=f"?status={status}&status={status}").status_code == 200


def test_a_sign_in_says_each_thing_once(house: House) -> None:
    """In the form, and in the form or by HTTP Basic; and nothing in the query string, which stands in logs."""
    client = house.app.test_client()
    form = {"grant_type": "client_credentials", "client_id": "portal", "client_secret": ["one", "two"]}
    assert set(problem(client.post("/v1/tokens", data=form), 422, "invalid")["errors"]) == {"client_secret"}
    both = client.post("/v1/tokens", data={**form, "client_secret": "one"}, auth=("portal", "one"))
    assert set(problem(both, 422, "invalid")["errors"]) == {"client_id", "client_secret"}
    asked = client.post("/v1/tokens?password=secret", data={"grant_type": "password", "username": "wang"})
    assert set(problem(asked, 422, "invalid")["errors"]) == {"password"}
