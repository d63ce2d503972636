"""In the caller's language: the rules that fields break, and the facts of a refusal."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from werkzeug.test import TestResponse

import locales
from chassis.wire import errors
from chassis.wire.rules import rule
from contracts.billing.account import RecordPayment
from contracts.booking.appointment import BookingChannel
from contracts.crm.customer import RegisterCustomer
from contracts.gateway.account import CreateAccount
from contracts.workshop.damage import DamageKind, Panel
from contracts.workshop.evidence import AttachmentKind
from gateway.http.problems import said
from locales import Catalogues
from tests.doors.house import ROWS, House, problem, token_for

CUSTOMER = next(row for row in ROWS if row.route.request is RegisterCustomer)
PAYMENT = next(row for row in ROWS if row.route.request is RecordPayment)
ACCOUNT = next(row for row in ROWS if row.route.request is CreateAccount)


def ask(house: House, row, language: str, **changes: object) -> TestResponse:
    """A request of someone who may, in a language."""
    return house.ask(row, token=token_for(row), headers={"Accept-Language": language}, change=changes)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            {
                "name": ["Length must be between 1 and 120."],
                "password": ["Length must be between 10 and 200."],
                "login": ["Lower-case letters, digits and . _ @ -, at most 64."],
                "locale": ["Must be one of: en or zh."],
                "dealers.0.dealer": ["This must be filled in."],
                "dealers.1": ["Must be an object of named values."],
                "group_roles": ["Must be a list."],
                "age": ["Nothing is called so here."],
            },
        ),
        (
            "zh",
            {
                "name": ["长度须在 1 至 120 之间。"],
                "password": ["长度须在 10 至 200 之间。"],
                "login": ["登录名须为小写字母、数字及 . _ @ -，最多 64 个字符。"],
                "locale": ["须为以下之一：en或zh。"],
                "dealers.0.dealer": ["必填。"],
                "dealers.1": ["须为带名称的值（对象）。"],
                "group_roles": ["须为列表。"],
                "age": ["没有这一项。"],
            },
        ),
    ],
)
def test_a_field_says_which_rule_it_breaks(house: House, language: str, sentences: dict) -> None:
    """Of every field at any depth; `detail` says the same."""
    broken = {
        "name": "",
        "password": "short",
        "login": "Wang!",
        "locale": "fr",
        "dealers": [{"roles": []}, "sh-pudong"],
        "group_roles": "administrator",
        "age": 7,
    }
    body = problem(ask(house, ACCOUNT, language, **broken), 422, "invalid")
    assert body["errors"] == sentences
    assert f"password: {sentences['password'][0]}" in body["detail"]


@pytest.mark.parametrize(("language", "sentence"), [("en", "Must be in CNY."), ("zh", "币种须为 CNY。")])
def test_what_a_service_finds_wrong_travels_as_a_code(house: House, language: str, sentence: str) -> None:
    """And is put into words at the door; a sentence that a service wrote itself stays as it is."""
    house.services.answer = _raises(errors.Invalid.field("amount", "wrong_currency", currency="CNY"))
    assert problem(ask(house, CUSTOMER, language), 422, "invalid")["errors"] == {"amount": [sentence]}
    house.services.answer = _raises(errors.Invalid.fields({"amount": ["Too much."], "code": [rule("brand_new", at=1)]}))
    assert problem(ask(house, CUSTOMER, language), 422, "invalid")["errors"] == {
        "amount": ["Too much."],
        "code": ['brand_new {"at": 1}'],
    }


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "The payment is more than customer still owes: CN¥1,234.50."),
        ("zh", "收款金额超过“客户自费”的未付金额 ¥1,234.50。"),
    ],
)
def test_the_facts_of_a_refusal_are_written_as_the_language_writes_them(house: House, language: str, detail: str) -> None:
    """In `detail`; `details` are the facts themselves, for programs."""
    facts = {"payer": "customer_pay", "open": {"amount": "1234.50", "currency": "CNY"}}
    house.services.answer = _raises(errors.Refused("overpayment", **facts))
    body = problem(ask(house, PAYMENT, language), 409, "overpayment")
    assert body["details"] == facts
    assert body["detail"] == detail


def test_what_may_be_chosen_is_said_in_words_beside_its_code(house: House) -> None:
    """Of roles and of the contracts' words; English reads the codes themselves."""
    roles = [{"dealer": "sh-pudong", "roles": ["king"]}]
    for spoken, one in (("zh", "服务顾问 (service_advisor)"), ("en", "service_advisor")):
        body = problem(ask(house, ACCOUNT, spoken, dealers=roles), 422, "invalid")
        assert f"{one}," in body["detail"].replace("、", ",").replace(", ", ",")
    payment = problem(ask(house, PAYMENT, "zh", payer="king"), 422, "invalid")
    assert "客户自费 (customer_pay)" in payment["detail"]


@pytest.fixture
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A third language: a folder with one file."""
    shutil.copytree(Path(locales.__file__).parent, tmp_path / "locales")
    folder = tmp_path / "locales" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "rules.po").write_text('msgid "rule.required"\nmsgstr "Pflichtfeld."\n', encoding="utf-8")
    monkeypatch.setattr(locales, "CATALOGUES", Catalogues(tmp_path / "locales"))
    return


@pytest.mark.usefixtures("third_language")
def test_a_new_language_is_new_files_and_no_code(house: House) -> None:
    """What it lacks is said in English."""
    body = problem(ask(house, ACCOUNT, "eo-XX, eo;q=0.9, zh;q=0.5", login="!", dealers=[{"roles": []}]), 422, "invalid")
    assert body["errors"]["dealers.0.dealer"] == ["Pflichtfeld."]
    assert body["errors"]["login"] == ["Lower-case letters, digits and . _ @ -, at most 64."]
    assert body["title"] == "The request breaks a rule of its own fields."


def _raises(error: Exception):
    def answer(noted):
        raise error

    return answer


@pytest.mark.parametrize(
    ("choices", "said_in_chinese"),
    [
        (get_args(BookingChannel), "电话 (phone)"),
        (get_args(Panel), "发动机盖 (bonnet)"),
        (get_args(DamageKind), "划痕 (scratch)"),
        (get_args(AttachmentKind), "旧件 (old_part)"),
        (("starts_at", "no_word_at_all"), "no_word_at_all"),
    ],
)
def test_what_may_be_chosen_is_said_in_the_readers_words_with_the_code_that_is_sent(choices, said_in_chinese) -> None:
    """As the console calls it; English reads the codes."""
    told = said(rule("not_one_of", choices=list(choices)), "zh")
    assert said_in_chinese in told, told
    assert all(str(one) in told for one in choices)
    assert " (" not in said(rule("not_one_of", choices=list(choices)), "en")
