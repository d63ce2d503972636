"""Files at the door (Rule A9): a form with a file says the same as the JSON that carries it; reports speak the asked language."""

import base64
import io
import json

import pytest

from chassis.wire.ids import new_id
from tests.doors.house import OWN, ROWS, House, problem, token_for

IMPORT = next(row for row in ROWS if row.path.endswith("/price-lists"))
DELIVER = next(row for row in ROWS if row.path.endswith("/deliver"))
FILE = "零件号,价格\r\nA1,1\r\n".encode("gb18030")


def send(house: House, row=IMPORT, **form):
    headers = {"Authorization": f"Bearer {token_for(row)}", "Idempotency-Key": new_id(), "Accept-Language": "zh"}
    path = row.path.replace("{dealer}", OWN).replace("{work_order_id}", new_id())
    return house.app.test_client().post(path, data=form, headers=headers, content_type="multipart/form-data")


def test_a_form_with_a_file_says_the_same_as_json(house: House) -> None:
    """The file as it is, options beside it; the service gets one and the same command."""
    columns = {"part_number": "SKU"}
    answered = send(house, file=(io.BytesIO(FILE), "prices.csv"), sheet="Prices", columns=json.dumps(columns))
    assert answered.status_code == 200
    said = {"file": base64.b64encode(FILE).decode(), "sheet": "Prices", "columns": columns}
    assert house.services.calls[0].payload == said
    assert house.ask(IMPORT, token=token_for(IMPORT), body=json.dumps(said)).status_code == 200
    assert house.services.calls[1].payload == said


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({}, {"file": ["必填。"]}),
        ({"file": [(io.BytesIO(b"a"), "a"), (io.BytesIO(b"b"), "b")]}, {"file": ["重复给出。"]}),
        ({"file": (io.BytesIO(b"a"), "a"), "columns": "{"}, {"columns": ["须为带名称的值（对象）。"]}),
        ({"file": (io.BytesIO(b"a"), "a"), "colour": "red"}, {"colour": ["没有这一项。"]}),
        ({"file": (io.BytesIO(b"a"), "a"), "encoding": "ebcdic"}, None),
    ],
)
def test_a_form_that_says_something_else_is_refused_by_field(house: House, form, errors) -> None:
    body = problem(send(house, **form), 422, "invalid")
    assert errors is None or body["errors"] == errors
    assert house.services.calls == []


def test_a_form_is_no_body_of_other_requests(house: House) -> None:
    problem(send(house, DELIVER, file=(io.BytesIO(FILE), "a.csv")), 415, "unsupported_media_type")


def test_a_file_has_its_limit(house: House) -> None:
    problem(send(house, file=(io.BytesIO(b"x" * 27_000_000), "a.csv")), 413, "request_too_large")


def test_what_is_wrong_with_a_row_is_said_in_the_asked_language(house: House) -> None:
    bad = {"row": 3, "column": "B", "field": "list_price", "rule": "twice_in_file", "values": {"first": 2}, "message": ""}
    house.services.answer = lambda noted: {"imported": False, "bad_rows": [bad]}
    [told] = send(house, file=(io.BytesIO(FILE), "prices.csv")).get_json()["bad_rows"]
    assert told["message"] == "第 2 行已有相同内容。"
