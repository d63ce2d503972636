"""Nothing of marshmallow's English reaches anybody: each of its messages is a code, with a sentence in every language."""

from collections.abc import Iterator
from enum import Enum
from inspect import isabstract
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from chassis.wire.codec import CodedSchema, schema_of
from chassis.wire.codec.codes import ANY
from chassis.wire.rules import read_rule
from gateway.http.signin import RevocationRequest, TokenRequest
from locales import knows
from tests.contracts.published import MESSAGES, name

SELDOM = {"format", "validator_failed", "invalid_awareness"}
"""What is said of a value that is written in a format, of a check that answers False, and of days and times of day with a zone:
nothing of ours does any of it. An instant without a zone has words of its own."""


class OneOrTwo(Enum):
    """For a field that reads one of a few."""

    ONE = 1
    TWO = 2


def kinds(base: type[Any] = fields.Field) -> Iterator[type[Any]]:
    """Every class of fields that marshmallow has."""
    for one in base.__subclasses__():
        if one.__module__ == fields.__name__ and not isabstract(one):
            yield one
        yield from kinds(one)


def made(kind: type[Any]) -> Any:
    """A field of that kind, in a schema of ours."""
    arguments = {
        fields.Nested: (CodedSchema,),
        fields.Pluck: (CodedSchema, "one"),
        fields.List: (fields.Field(),),
        fields.Tuple: ([fields.Field()],),
        fields.Constant: (1,),
        fields.Enum: (OneOrTwo,),
    }
    field = kind(*arguments.get(kind, ()))
    return CodedSchema.from_dict({"one": field})().fields["one"]


def of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a schema, at any depth, with its path."""
    for key, field in schema.fields.items():
        yield from inside(field, f"{path}{key}")


def inside(field: Any, path: str) -> Iterator[tuple[str, Any]]:
    """A field and the fields in it."""
    yield path, field
    if isinstance(field, fields.Nested):
        yield from of(field.schema, f"{path}.")
    for inner in (getattr(field, one, None) for one in ("inner", "key_field", "value_field")):
        if inner is not None:
            yield from inside(inner, f"{path}[]")


SCHEMAS = [*((name(one), schema_of(one)) for one in MESSAGES), ("tokens", TokenRequest()), ("revocation", RevocationRequest())]
KINDS = sorted(set(kinds()), key=lambda one: one.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)
def test_every_message_of_every_kind_of_field_is_a_code(kind: type[Any]) -> None:
    """Also of kinds that nothing of ours uses yet, and of keys that a newer marshmallow adds."""
    field = made(kind)
    assert field.default_error_messages or kind.__mro__[1].default_error_messages is not None
    wrong = {key: said for key, said in field.error_messages.items() if not knows(f"rule.{read_rule(said)[0]}")}
    assert not wrong


def test_there_are_kinds_and_messages() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert {fields.String, fields.AwareDateTime, fields.IPv4Interface, fields.Nested} <= set(KINDS)
    assert len(SCHEMAS) > 300


@pytest.mark.parametrize(("of_message", "schema"), SCHEMAS, ids=[one for one, _ in SCHEMAS])
def test_what_is_wrong_with_a_field_is_said_in_words_of_its_own(of_message: str, schema: Any) -> None:
    """Nothing that can be wrong with a field of ours is merely "not valid", nor told in English; nor is what its checks say."""
    assert all(knows(f"rule.{said}") for said in schema.error_messages.values())
    for path, field in of(schema):
        for key, said in field.error_messages.items():
            assert knows(f"rule.{read_rule(said)[0]}"), (path, key, said)
            assert said != ANY or key in SELDOM, (path, key)
        for check in field.validators:
            said = getattr(check, "error", None)
            if isinstance(check, validate.Validator):
                assert said, (path, check)
                assert knows(f"rule.{read_rule(said.replace('{{', '{').replace('}}', '}'))[0]}"), (path, check, said)


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (validate.Regexp("a"), "b"),
        (validate.Range(min=1, min_inclusive=False), 1),
        (validate.NoneOf(["b"]), "b"),
        (validate.Predicate("isdigit"), "b"),
    ],
)
def test_a_check_without_words_of_its_own_says_a_code(check: Any, wrong: Any) -> None:
    """Whatever its English would have been."""
    schema = CodedSchema.from_dict({"one": fields.Raw(validate=check)})()
    with pytest.raises(ValidationError) as refused:
        schema.load({"one": wrong})
    assert refused.value.normalized_messages() == {"one": [ANY]}  # type: ignore[no-untyped-call]
