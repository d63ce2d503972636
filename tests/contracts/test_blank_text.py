"""No text of a request consists of nothing to read: a reason, a name, a signature of blanks says nothing to anybody."""

import unicodedata

import pytest
from marshmallow import ValidationError, fields

from chassis import Invalid
from chassis.wire.codec import schema_of
from chassis.wire.fields import called, text
from chassis.wire.messages import Command, Query
from tests.contracts.published import REQUESTS, name

NOTHING_TO_READ = ["  ", "\n", "\u3000\u00a0", "\u200b", "\u2060\ufeff", "\u202e \u00ad", "\u3164"]
WRITTEN = [(one, field) for one in REQUESTS for field, kind in schema_of(one).fields.items() if isinstance(kind, type(text(1)))]
CALLED = [(one, field) for one, field in WRITTEN if isinstance(schema_of(one).fields[field], type(called(1)))]


def test_there_are_requests_with_texts() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert len(WRITTEN) > 20
    assert {"reason", "name"} <= {field for _, field in WRITTEN}


@pytest.mark.parametrize(("request_class", "field"), WRITTEN, ids=lambda one: one if isinstance(one, str) else name(one))
def test_a_text_that_shows_nothing_is_refused_by_field(request_class: type[Command] | type[Query], field: str) -> None:
    """422 at the door, whatever else of the request is right or wrong; blanks and what nobody sees are one kind."""
    longest = next((check.max for check in schema_of(request_class).fields[field].validators if hasattr(check, "max")), None)
    for blank in NOTHING_TO_READ:
        with pytest.raises(Invalid) as refused:
            request_class.load({field: blank[:longest]})
        assert "must_not_be_blank" in refused.value.details["errors"].get(field, []), repr(blank)


@pytest.mark.parametrize(("request_class", "field"), CALLED, ids=lambda one: one if isinstance(one, str) else name(one))
def test_two_spellings_of_a_name_that_look_alike_are_one(request_class: type[Command] | type[Query], field: str) -> None:
    """Rule W30: whoever is named anywhere; what tells two people apart is no blank."""
    kind = schema_of(request_class).fields[field]
    for spelling in ("Li  Na", " Li Na ", "\u3000Li\u3000\u00a0Na"):
        assert kind.deserialize(spelling) == "Li Na"
    assert kind.deserialize("王强") == "王强"


HIDING = [
    *"\x00\x1b\x7f\x85\x9b\xad\u200b\u2028\u2060\ufeff\ufff9",  # control characters of both kinds, what has no width
    *"\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069",  # what turns the direction of what stands beside it
    *"\u200c\u200d\u200e\u200f\u061c",  # beside letters that neither join nor run from right to left
    "\U000e0061",
]


@pytest.mark.parametrize(("request_class", "field"), WRITTEN, ids=lambda one: one if isinstance(one, str) else name(one))
def test_what_nobody_sees_is_refused_by_field(request_class: type[Command] | type[Query], field: str) -> None:
    """A name with a turned direction reads as another one; one with something of no width is not found again."""
    kind = schema_of(request_class).fields[field]
    for hiding in HIDING:
        with pytest.raises(Invalid) as refused:
            request_class.load({field: f"a{hiding}b"})
        assert "control_characters" in refused.value.details["errors"].get(field, []), (repr(hiding), kind)


def test_every_letter_that_shows_nothing_is_thought_of() -> None:
    """Each character of format, control or separation, of all that there are, is refused in a plain word, but those that show."""
    field: fields.String = text(40)
    taken = set()
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in ("Cf", "Cc", "Cs", "Zl", "Zp"):
            try:
                field.deserialize(f"a{chr(code)}b")
            except ValidationError:
                continue
            taken.add(chr(code))
    assert taken - SHOWN == set()


SHOWN = {
    "\t",
    "\n",
    *map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440))),
}
"""Signs that enclose the digits or letters after them, and how hieroglyphs are put together."""


def test_what_shows_anything_stays_as_it_was_written() -> None:
    """A text is no key: blanks and joiners inside and around it are the writer's."""
    field: fields.String = text(40)
    for written in (
        "王 芳",
        " ok ",
        "Zoë",
        "👩\u200d🔧",
        "✈\ufe0f",
        "🏴\U000e0067\U000e0062\U000e007f",
        ".",
        "line\nline",
        "می\u200cخواهم",
        "क्\u200dष",
        "א\u200f!",
    ):
        assert field.deserialize(written) == written
