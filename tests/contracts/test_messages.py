"""Messages are written and read without walking their schemas; what comes out is what the schemas would make of them."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.wire.codec import GIVEN_UP, schema_of
from chassis.wire.messages import Message, reader_of
from chassis.wire.values import Hours, Money, Quantity
from tests.contracts.published import EVENTS, MESSAGES, name, read, sample

SAMPLES = {
    str: "刹车片", int: 7, bool: True, Any: ["as", {"it": "is"}], date: date(2026, 3, 2), time: time(9, 30),
    datetime: datetime(2026, 3, 2, 4, 0, 0, 250, tzinfo=UTC), Money: Money.of("1234.50", "CNY"), Quantity: Quantity(1_500),
    Hours: Hours(150),
}  # fmt: skip


def made(kind: Any) -> Any:
    """A value of an annotated type; of what may be missing, something that is there."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return made(arguments[0])
    if origin is Literal:
        return arguments[0]
    if origin in (Union, UnionType):
        return made(next(one for one in arguments if one is not type(None)))
    if origin is list:
        return [made(arguments[0]), made(arguments[0])]
    if origin is dict:
        return {"key": made(arguments[1])}
    return a_message(kind) if isinstance(kind, type) and issubclass(kind, Message) else SAMPLES[kind]


def a_message(cls: type[Message]) -> Message:
    """A message with something in every field; whether it keeps the rules is not the point."""
    hints = get_type_hints(cls, include_extras=True)
    return cls(**{field.name: made(hints[field.name]) for field in fields(cls)})  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", MESSAGES, ids=name)
def test_a_message_is_written_as_its_schema_would_write_it(cls: type[Message]) -> None:
    """Field by field, nested ones too; and so is one with nothing in what may be missing."""
    full = a_message(cls)
    assert full.dump() == schema_of(cls).dump(full)
    hints = get_type_hints(cls, include_extras=True)
    optional = [field.name for field in fields(cls) if type(None) in get_args(hints[field.name])]
    bare = cls(**{**{field.name: getattr(full, field.name) for field in fields(cls)}, **dict.fromkeys(optional)})  # type: ignore[arg-type]
    assert bare.dump() == schema_of(cls).dump(bare)


def test_what_cannot_travel_is_a_defect() -> None:
    """It is found when it is announced, not when somebody reads it."""

    class Odd(Message):
        what: Any

    with pytest.raises(TypeError, match="set does not travel"):
        Odd(what={1}).dump()


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**18), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from(["", "\x00", "x" * 5000, "2026-03-02", "09:30", "2026-03-02T04:00:00Z", "2026-03-02T04:00", "1.2345", "CNY"]),
    st.lists(st.none() | st.text(max_size=3), max_size=2), st.just({}), st.just({"amount": "1.00", "currency": "XXX"}),
)  # fmt: skip


def spoil(plain: Any, data: st.DataObject) -> Any:
    """The same with something odd in one place: a value, a missing or an unknown field, at any depth."""
    if isinstance(plain, dict) and plain:
        key = data.draw(st.sampled_from(sorted(plain)))
        deed = data.draw(st.sampled_from(["deeper", "remove", "add", "replace"]))
        if deed == "remove":
            return {other: value for other, value in plain.items() if other != key}
        if deed == "add":
            return {**plain, "nobody_knows": 1}
        return {**plain, key: spoil(plain[key], data) if deed == "deeper" else data.draw(ODD)}
    if isinstance(plain, list) and plain:
        return [spoil(plain[0], data), *plain[1:]]
    return data.draw(ODD)


@pytest.mark.parametrize("event", EVENTS, ids=name)
def test_a_sound_message_is_read_without_its_schema(event: type[Message]) -> None:
    """Else nothing would be wrong, and everything slow."""
    golden = read(sample(event))  # type: ignore[arg-type]
    assert reader_of(event)(golden) == schema_of(event).load(golden)


@pytest.mark.parametrize("cls", MESSAGES, ids=name)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_nothing_is_read_that_the_schema_would_refuse(cls: type[Message], data: st.DataObject) -> None:
    """And what is read, the schema would read the same way."""
    plain = spoil(a_message(cls).dump(), data)
    try:
        message = reader_of(cls)(plain)
    except GIVEN_UP:
        return
    try:
        assert message == schema_of(cls).load(plain)
    except ValidationError as error:
        pytest.fail(f"read, but the schema says {error.messages}")
