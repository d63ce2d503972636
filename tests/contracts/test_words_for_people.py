"""What is said of a field that somebody typed into is said in people's words: nothing of how a request is written."""

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from chassis.wire.codec import schema_of
from chassis.wire.rules import read_rule
from console.action import Action
from console.form import Chosen, Field, Place, Yes, body_of
from console.screens import SCREENS
from locales import CATALOGUES, languages, sentence
from tests.contracts.published import routes

PLACE = Place("CNY", ZoneInfo("Asia/Shanghai"))
TYPED = (
    "abc",
    "1,5",
    "61 20",
    "-1",
    "0",
    "1.123456789",
    "2026-02-30",
    "25:61",
    "9" * 30,
    "x" * 5_000,
    "\x00",
    "   ",
    "１．５",
    "é",
    "",
)

WORDS = {
    "en": r"\b(strings?|integers?|booleans?|null|mapping|object|UTF-8|datetime|JSON|hash|hexadecimal|base64|ISO|IANA|cursor|"
    r"field|query|array|schema|data|minimum|maximum|equal to|aware|invalid|valid|ids?|amount and currency|surrogate|"
    r"basis points)\b",
    "zh": "字符串|布尔|空值|对象|字段|哈希|十六进制|标识|游标|键值|列表|基点|数据|无效|有效的(日期|时间)|"
    "UTF-8|JSON|ISO|IANA|查询串|代理项",
}
"""Words of those who write programs."""

PROGRAMS = {
    *("not_an_object", "not_a_list", "not_a_mapping", "not_a_text", "not_utf8", "not_a_boolean", "not_null", "unknown_field"),
    *("not_money", "money_in_strings", "not_a_decimal_string", "needs_time_zone", "must_be_local_time", "not_a_cursor"),
    *("byte_order_mark", "not_utf8_at", "not_json", "not_a_json_number", "nested_too_deep", "half_a_character"),
    *("reads_take_no_body", "not_base64", "not_a_checksum", "not_strokes", "not_a_document_hash", "not_an_id", "not_valid"),
    *("needs_document_hash", "nothing_was_shown", "not_a_currency", "not_a_time_zone", "not_a_client_id"),
    *("must_make_100_percent", "percentages_or_amounts", "needs_a_line_id", "not_in_encoding", "encoding_unknown"),
}
"""Rules that a program's request breaks, and no typing: who writes one is told what is wrong with it in their words."""

PICKED = re.compile(r"(_ids?|credit_of|^line|\.line|document_hash|strokes)$")
"""Names of fields that a page fills in, or that are chosen out of what it lists."""


def fields() -> Iterator[tuple[Action, Field]]:
    """Every field of every form that somebody types into: what is ticked, chosen or drawn cannot be typed wrong."""
    for screen in SCREENS:
        for page in screen.pages:
            for action in page.actions.values():
                yield from (
                    (action, one) for one in action.fields if not isinstance(one, Yes | Chosen) and not PICKED.search(one.name)
                )


def request_of(action: Action) -> Any:
    """What the gateway makes of the form."""
    bare = re.sub(r"\{\w+\}", "{}", action.path)
    found = [route for _, route in routes() if route.method == action.method and re.sub(r"\{\w+\}", "{}", route.path) == bare]
    return found[0].request


def said(errors: Any) -> Iterator[str]:
    """The rules in an answer of a schema, at any depth."""
    if isinstance(errors, dict):
        for one in errors.values():
            yield from said(one)
    elif isinstance(errors, list):
        for one in errors:
            yield from said(one)
    else:
        yield read_rule(errors)[0]


def broken() -> dict[str, set[str]]:
    """The rules that typing anything breaks, each with where."""
    found: dict[str, set[str]] = {}
    for action, field in fields():
        schema = schema_of(request_of(action))
        name = field.name.replace("*", "0")
        empty = set(said(schema.validate({})))
        for typed in TYPED:
            body = body_of([field], MultiDict({name: typed}), PLACE)
            for code in [*said(schema.validate(body)), *empty]:
                found.setdefault(code, set()).add(f"{action.name}: {field.name}")
    return found


@pytest.fixture(scope="module")
def reached() -> dict[str, set[str]]:
    """These are found once."""
    return broken()


def test_what_typing_breaks_is_no_programs_rule(reached: dict[str, set[str]]) -> None:
    """Whatever is typed into whichever field of whichever form."""
    assert {"required", "not_an_integer", "not_a_date", "length_between"} <= reached.keys()
    assert {code: sorted(where)[:3] for code, where in reached.items() if code in PROGRAMS} == {}


@pytest.mark.parametrize("language", languages())
def test_a_rule_that_typing_breaks_is_told_in_peoples_words(language: str) -> None:
    """Of all rules there are but those of requests: another rule that a form can break is told so from its first day."""
    codes = {str(one.id).removeprefix("rule.") for one in CATALOGUES.catalogue(language) if str(one.id).startswith("rule.")}
    assert codes >= PROGRAMS
    told = {code: re.sub(r"\{\w+\}", "", sentence(f"rule.{code}", language)) for code in sorted(codes - PROGRAMS)}
    wrong = [f"{code}: {one}" for code, one in told.items() if re.search(WORDS[language], one, re.IGNORECASE)]
    assert not wrong, "\n".join(wrong)
