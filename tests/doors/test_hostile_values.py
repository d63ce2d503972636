"""No value of any kind, at any door, ends in a failure of ours: it is refused by field, or it has an answer.

The services behind these doors are real, each on its own database; only the bus between is not.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from chassis.service.entrypoints import Service
from chassis.wire.ids import new_id
from chassis.wire.messages import Command, Query
from gateway.http import dispatch
from gateway.http.table import Row
from servicelane.suite import SERVICES, service_class
from tests.contracts.published import REQUESTS
from tests.doors.examples import example
from tests.doors.hostile import places, put
from tests.doors.house import COMMANDS, ROWS, House, Noted, name, plain_answer, token_for
from tests.properties import holds
from tests.services.desk import Desk

REQUEST_OF = {(one.service, one.method): one for one in REQUESTS}
WITH_VALUES = [row for row in ROWS if places(row)]


@pytest.fixture(scope="module")
def inhabited(migrated_database: Callable[[type[Service]], Any], built_house: House) -> Iterator[House]:
    """The house, with services behind its doors."""
    desks = {one: Desk(service_class(one), url=migrated_database(service_class(one)).url) for one in SERVICES if one != "gateway"}

    def answer(noted: Noted) -> Any:
        request = REQUEST_OF.get((noted.service, noted.method))
        if request is None:
            return plain_answer(noted)
        desk = desks[noted.service]
        payload = json.loads(json.dumps(noted.payload))  # as it would travel
        if issubclass(request, Command):
            return desk.executor.execute(request, desk.service.use_case(request), payload, noted.call, new_id())
        assert issubclass(request, Query)
        return desk.executor.ask(request, desk.service.use_case(request), payload, noted.call)

    built_house.services.answer = answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch, "PATIENCE_SECONDS", 0)  # nothing is on its way
        yield built_house
    built_house.services.answer = plain_answer


@pytest.mark.parametrize("row", WITH_VALUES, ids=name)
def test_a_hostile_value_is_refused_by_field_or_answered(inhabited: House, row: Row) -> None:
    """Never a 5xx; and what is wrong for certain is a 4xx that names the field."""

    def answers(data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(places(row)), label="place")
        value, wrong = data.draw(place.values(), label="value")
        body = put(example(row)[1], place.path, value)
        sent = {"body": json.dumps(body)} if row.is_command else {"change": {"cursor": None, str(place.path[0]): _as_text(value)}}
        response = inhabited.ask(row, token=token_for(row), headers={"If-Match": '"1"' if row.route.if_match else None}, **sent)
        assert response.status_code < 500, response.get_data(as_text=True)
        if wrong:
            assert 400 <= response.status_code < 500, (place, value, response.get_data(as_text=True))
            if response.status_code == 422:
                errors = response.get_json()["errors"]
                assert any(one.split(".")[0] == place.path[0] for one in errors), (place, value, errors)

    holds(answers, examples=20)


@pytest.mark.parametrize("row", COMMANDS, ids=name)
@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 5_000, '{"a": 1e99999}', '"\\ud800"', "null", "[]", '{"x": NaN}', "9" * 5000]
)
def test_a_hostile_body_is_refused(inhabited: House, row: Row, body: str) -> None:
    """Deeply nested, no object, no JSON."""
    response = inhabited.ask(row, token=token_for(row), headers={"If-Match": '"1"' if row.route.if_match else None}, body=body)
    assert 400 <= response.status_code < 500, response.get_data(as_text=True)


def _as_text(value: Any) -> str:
    # Half a surrogate can be sent as bytes; what reads the query string puts a mark in its place.
    return str(value).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
