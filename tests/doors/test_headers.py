"""The headers of answers: sent as they are described, on every route."""

import gzip
import json
import re

import pytest

from chassis.wire.errors import DeadlineExceeded, Unavailable
from contracts.workshop.order import GetWorkOrder
from contracts.workshop.reception import OpenWorkOrder
from gateway.http.headers import REPLAYED
from gateway.http.table import Row
from tests.doors.examples import SOME_ID
from tests.doors.house import OWN as DEALER
from tests.doors.house import ROWS, TABLE, House, Noted, name, token_for

every_remote_route = pytest.mark.parametrize("row", [row for row in ROWS if row.service != "gateway"], ids=name)
every_remote_read = pytest.mark.parametrize("row", [r for r in ROWS if r.service != "gateway" and not r.is_command], ids=name)
READ = next(row for row in ROWS if row.route.request is GetWorkOrder)


def described(house: House, row: Row, status: int) -> dict[str, dict]:
    """The headers the document describes of an answer of a route."""
    document = house.app.test_client().get("/v1/openapi.json").get_json()
    response = document["paths"][row.path][row.route.method.lower()]["responses"][str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response["headers"]


@every_remote_route
def test_what_is_described_is_sent(house: House, row: Row) -> None:
    """Every header of every answer that went well."""
    answer = house.ask(row, token=token_for(row))
    always = described(house, row, answer.status_code).keys() - {REPLAYED}  # which only repeats have
    assert always - set(answer.headers.keys()) == set()
    assert re.fullmatch(r'"(?:principal|visitor)";q=\d+;w=1(, "dealer";q=\d+;w=1)?', answer.headers["RateLimit-Policy"])
    assert re.fullmatch(r'"(?:principal|visitor)";r=\d+;t=[01](, "dealer";r=\d+;t=[01])?', answer.headers["RateLimit"])


@every_remote_read
def test_a_read_is_answered_304_while_its_answer_is_the_same(house: House, row: Row) -> None:
    """Also when facts of others in it change and its version does not."""
    mine = token_for(row)
    first = house.ask(row, token=mine)
    tag = first.headers["ETag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = house.ask(row, token=mine, headers={"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b""), sent
        assert again.headers["ETag"] == tag
        assert [name for name in described(house, row, 304) if name not in again.headers] == []
    house.services.answer = lambda noted: {"version": 7, "id": "changed"}
    assert house.ask(row, token=mine, headers={"If-None-Match": tag}).status_code == 200


def test_a_long_answer_is_compressed_for_who_takes_it(house: House) -> None:
    """From 1 KiB on; either way it is one object with one version, and its tag is good for If-None-Match and If-Match."""
    mine, change = token_for(READ), next(row for row in ROWS if row.route.if_match and row.service == "workshop")
    long = {"version": 7, "id": SOME_ID, "visit_id": SOME_ID, "items": ["机油"] * 300}
    house.services.answer = lambda noted: long
    plain, packed = house.ask(READ, token=mine), house.ask(READ, token=mine, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == plain.get_json() == long
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 4
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for seen in (plain, packed):
        for takes in (None, "gzip"):
            asked = {"If-None-Match": seen.headers["ETag"], "Accept-Encoding": takes}
            assert house.ask(READ, token=mine, headers=asked).status_code == 304
        assert house.ask(change, token=token_for(change), headers={"If-Match": seen.headers["ETag"]}).status_code == 200
        assert house.services.calls[-1].call.if_match == 7
    assert "Content-Encoding" not in house.ask(READ, token=mine, headers={"Accept-Encoding": "gzip;q=0"}).headers
    long["items"] = []
    short = house.ask(READ, token=mine, headers={"Accept-Encoding": "gzip"})
    assert not {"Content-Encoding", "Vary"} & set(short.headers.keys())


def test_commands_have_their_effect_whatever_is_known(house: House) -> None:
    """If-None-Match is a question of reads."""
    row = next(row for row in ROWS if row.route.request is OpenWorkOrder)
    assert house.ask(row, token=token_for(row), headers={"If-None-Match": "*"}).status_code == 201


def test_the_tag_of_an_answer_is_what_if_match_wants(house: House) -> None:
    """The version before the dash reaches the service, and the bare version does, too."""
    row = next(row for row in ROWS if row.route.if_match and row.service == "workshop")
    for sent in (house.ask(READ, token=token_for(READ)).headers["ETag"], '"7"', 'W/"7"'):
        house.services.calls.clear()
        assert house.ask(row, token=token_for(row), headers={"If-Match": sent}).status_code == 200
        assert house.services.calls[0].call.if_match == 7


def test_what_is_created_is_found_where_location_says(house: House) -> None:
    """At a path of its own, at the account it went into, or at the path it was posted to; or nowhere but in lists."""
    found = {row.path: TABLE.location_of(row) for row in ROWS if row.route.creates}
    order = "/v1/dealers/{dealer}/work-orders/{work_order_id}"
    assert found["/v1/dealers/{dealer}/customers"] == "/v1/dealers/{dealer}/customers/{id}"
    assert found["/v1/dealers"] == "/v1/dealers/{id}"
    assert found[f"{order}/gate-pass"] == f"{order}/gate-pass"
    assert found[f"{order}/authorisations"] == f"{order}/account"
    assert found[f"{order}/issues"] == "/v1/dealers/{dealer}/slips/{id}"
    assert found["/v1/dealers/{dealer}/vehicles"] == "/v1/dealers/{dealer}/vehicles/{id}"
    issue = next(row for row in ROWS if row.path == f"{order}/issues")
    assert house.ask(issue, token=token_for(issue)).headers["Location"] == f"/v1/dealers/{DEALER}/slips/{SOME_ID}"


@pytest.mark.parametrize(("error", "status"), [(Unavailable("too_busy"), 503), (DeadlineExceeded("outcome_unknown"), 504)])
def test_who_may_try_again_is_told_when(house: House, error: Exception, status: int) -> None:
    """Seconds, in Retry-After; and the answer says its language."""

    def fail(noted: Noted) -> None:
        raise error

    house.services.answer = fail
    answer = house.ask(READ, token=token_for(READ), headers={"Accept-Language": "zh"})
    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Content-Language"] == "zh"
    assert [name for name in described(house, READ, status) if name not in answer.headers] == []


def test_too_many_requests_are_told_their_limits(tmp_path) -> None:
    """429 with Retry-After, and with what is left of each policy (the IETF's RateLimit fields)."""
    house = House(str(tmp_path), RATE_PER_PRINCIPAL="2/minute", RATE_PER_DEALER="5/minute")
    mine = token_for(READ)
    left = [house.ask(READ, token=mine).headers["RateLimit"] for _ in range(2)]
    assert [re.sub(";t=[0-9]+", "", one) for one in left] == ['"principal";r=1, "dealer";r=4', '"principal";r=0, "dealer";r=3']
    refused = house.ask(READ, token=mine)
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Policy"] == '"principal";q=2;w=60, "dealer";q=5;w=60'
    assert refused.headers["RateLimit"].startswith('"principal";r=0;t=')
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert [name for name in described(house, READ, 429) if name not in refused.headers] == []
