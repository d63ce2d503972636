"""What was typed becomes a body, comes back where it belongs, and has one effect however often it is sent."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from console.action import Action
from console.filled import Form
from console.form import Amount, Field, Moment, Needed, Number, Place, Several, Whole, Yes, body_of, typed_name
from console.screens.booking import WORK as WORK_OF_A_BOOKING
from console.screens.order import LINES as LINES_OF_AN_ORDER

PLACE = Place("CNY", ZoneInfo("Asia/Shanghai"))
LINES = (Needed("parts.*.part_number"), Field("parts.*.quantity"), Field("parts.*.payer"), Yes("parts.*.safety"))


@pytest.mark.parametrize(
    ("field", "typed", "body"),
    [
        (Field("reason"), {"reason": " worn "}, {"reason": "worn"}),
        (Field("reason"), {"reason": "  "}, {}),
        (Field("reason"), {}, {}),
        (Field("decision.name"), {"decision.name": "王芳"}, {"decision": {"name": "王芳"}}),
        (Whole("mileage"), {"mileage": "32110"}, {"mileage": 32110}),
        (Whole("mileage"), {"mileage": "many"}, {"mileage": "many"}),
        (Whole("mileage"), {"mileage": "32,110"}, {"mileage": 32110}),
        (Whole("mileage"), {"mileage": "32,5"}, {"mileage": "32,5"}),
        (Whole("mileage"), {"mileage": "61 200"}, {"mileage": 61200}),
        (Whole("mileage"), {"mileage": "61\u00a0200"}, {"mileage": 61200}),
        (Whole("mileage"), {"mileage": "61\u202f200"}, {"mileage": 61200}),
        (Whole("mileage"), {"mileage": "61 20"}, {"mileage": "61 20"}),
        (Whole("mileage"), {"mileage": "1,234 567"}, {"mileage": "1,234 567"}),
        (Amount("price"), {"price": "1 234.50"}, {"price": {"amount": "1234.50", "currency": "CNY"}}),
        (Number("quantity"), {"quantity": "1,234.5"}, {"quantity": "1234.5"}),
        (Number("quantity"), {"quantity": "1,5"}, {"quantity": "1,5"}),
        (Number("quantity"), {"quantity": "１．５"}, {"quantity": "1.5"}),
        (Yes("done"), {"done": "yes"}, {"done": True}),
        (Yes("done"), {}, {"done": False}),
        (Several("line_ids"), {"line_ids": ["a", "b"]}, {"line_ids": ["a", "b"]}),
        (Amount("price"), {"price": "1,234.50"}, {"price": {"amount": "1234.50", "currency": "CNY"}}),
        (Amount("price"), {"price": "1,234,567"}, {"price": {"amount": "1234567", "currency": "CNY"}}),
        (Amount("price"), {"price": "12,50"}, {"price": {"amount": "12,50", "currency": "CNY"}}),
        (Amount("price"), {"price": "1,000,50"}, {"price": {"amount": "1,000,50", "currency": "CNY"}}),
        (Amount("price"), {"price": "1.000,50"}, {"price": {"amount": "1.000,50", "currency": "CNY"}}),
        (Amount("price"), {"price": "１２．５０"}, {"price": {"amount": "12.50", "currency": "CNY"}}),
        (Whole("mileage"), {"mileage": "３２１１０"}, {"mileage": 32110}),
        (Whole("mileage"), {"mileage": "３２,１"}, {"mileage": "３２,１"}),
        (Moment("promised_at"), {"promised_at": "2026-03-02T17:30"}, {"promised_at": "2026-03-02T17:30:00+08:00"}),
        (Moment("promised_at"), {"promised_at": "soon"}, {"promised_at": "soon"}),
        (Moment("promised_at"), {"promised_at": "2026-03-02"}, {"promised_at": "2026-03-02"}),
        (Moment("promised_at"), {"promised_at": "20260302"}, {"promised_at": "20260302"}),
        (Moment("promised_at"), {"promised_at": "2026-03-02T00:00"}, {"promised_at": "2026-03-02T00:00:00+08:00"}),
    ],
)
def test_a_field_becomes_a_part_of_the_body(field: Field, typed: dict[str, Any], body: dict[str, Any]) -> None:
    """What it cannot read it passes on: the gateway says what is wrong with it, in the reader's language."""
    assert body_of([field], MultiDict(typed), PLACE) == body


def test_an_hour_that_the_clock_leaves_out_is_no_moment() -> None:
    """The night in which summer time begins; the one that comes twice is the first."""
    london = Place("GBP", ZoneInfo("Europe/London"))
    sent = [body_of([Moment("at")], MultiDict({"at": typed}), london)["at"] for typed in ("2027-03-28T01:30", "2027-10-31T01:30")]
    assert sent == ["2027-03-28T01:30", "2027-10-31T01:30:00+01:00"]


def test_rows_in_which_nothing_was_typed_are_left_out() -> None:
    """What stands in them beforehand does not count; their order stays."""
    typed = MultiDict(
        {
            "parts.0.part_number": "",
            "parts.0.payer": "customer_pay",
            "parts.10.part_number": "WIPER-24",
            "parts.10.payer": "warranty",
            "parts.2.part_number": "PAD-F-77",
            "parts.2.quantity": "2",
            "parts.2.payer": "customer_pay",
        }
    )
    assert body_of(LINES, typed, PLACE) == {
        "parts": [
            {"part_number": "PAD-F-77", "quantity": "2", "payer": "customer_pay", "safety": False},
            {"part_number": "WIPER-24", "payer": "warranty", "safety": False},
        ]
    }
    assert body_of(LINES, MultiDict({"parts.0.payer": "customer_pay"}), PLACE) == {}


def test_a_row_in_which_anything_was_typed_is_sent() -> None:
    """A quantity without its part is not dropped: the gateway says what is missing beside it."""
    fields = (Needed("parts.*.part_number"), Needed("parts.*.quantity"), Field("parts.*.payer"))
    typed = MultiDict({"parts.0.part_number": "", "parts.0.quantity": "4.5", "parts.0.payer": "customer_pay"})
    assert body_of(fields, typed, PLACE) == {"parts": [{"quantity": "4.5", "payer": "customer_pay"}]}
    for sent in (LINES_OF_AN_ORDER, WORK_OF_A_BOOKING):
        assert body_of(sent, MultiDict({"parts.0.quantity": "4.5"}), PLACE)["parts"][0]["quantity"] == "4.5"


@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("parts.0.quantity", "parts.2.quantity"),
        ("parts.1.part_number", "parts.10.part_number"),
        ("parts.1.quantity", "parts.10.quantity"),
        ("parts.1", "parts.10.part_number"),
        ("parts.5.quantity", None),
        ("parts.5", None),
        ("price.amount", "price"),
        ("decision.name", None),
        ("body", None),
    ],
)
def test_an_error_comes_back_to_the_field_it_is_about(error: str, field: str | None) -> None:
    """The gateway counts the rows it was sent, the form those it has."""
    typed = MultiDict({"parts.2.part_number": "PAD-F-77", "parts.10.part_number": "WIPER-24", "parts.0.part_number": ""})
    assert typed_name(error, (*LINES, Amount("price")), typed) == field


ACTION = Action("decline", "POST", "/work-orders/{work_order_id}/lines/{of}/decline", (Field("reason"),))


def _call(**typed: str) -> Any:
    form = Form.read(MultiDict({"do": "decline", "of": "7/8", "nonce": NONCE, "version": "3", **typed}))
    return ACTION.call(form, PLACE, {"work_order_id": "1"}, "/v1/dealers/sh")


NONCE = "5f0c1a52-3c7c-4d0f-9b53-3d8f4b2f9a10"


def test_the_same_form_has_the_same_key_and_a_corrected_one_another() -> None:
    """So a second click is a repeat, and a correction is not refused as a key that was used before."""
    assert _call(reason="later").key == _call(reason="later").key
    assert _call(reason="later").key != _call(reason="too dear").key
    assert _call(reason="later").key != _call(reason="later", nonce="6f0c1a52-3c7c-4d0f-9b53-3d8f4b2f9a10").key


def test_an_action_says_where_what_and_as_it_was_seen() -> None:
    """What a form is about cannot lead to another address."""
    call = _call(reason="later")
    assert (call.method, call.path) == ("POST", "/v1/dealers/sh/work-orders/1/lines/7%2F8/decline")
    assert (call.body, call.if_match) == ({"reason": "later"}, '"3"')


def test_a_forged_nonce_is_replaced() -> None:
    """It becomes a part of a key and must be what we make."""
    assert Form.read(MultiDict({"nonce": "not one of ours"})).nonce != "not one of ours"


def test_what_has_changed_meanwhile_is_told() -> None:
    """What was there, what is gone, what is new; what is the same is not."""
    form = Form.read(MultiDict({"seen": '{"Status":"Open","Bay":"B1","Line 3":"Draft"}'}))
    form.compare({"Status": "Dispatched", "Bay": "B1", "Line 4": "Quoted"})
    assert form.changes is not None
    assert [(one.what, one.was, one.now) for one in form.changes] == [
        ("Status", "Open", "Dispatched"),
        ("Line 3", "Draft", ""),
        ("Line 4", "", "Quoted"),
    ]


@pytest.mark.parametrize("seen", ["", "no JSON", "[1, 2]", "7"])
def test_what_a_reader_saw_may_be_garbled(seen: str) -> None:
    """It comes from a browser."""
    form = Form.read(MultiDict({"seen": seen}))
    form.compare({"Status": "Open"})
    assert form.changes is not None
    assert len(form.changes) == 1
