"""Messages are written and read without walking their schemas; what comes out is what the schemas would make of them."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import marshmallow_dataclass
import pytest
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis.wire import Answer, Part
from chassis.wire.codec import GIVEN_UP, schema_of
from chassis.wire.errors import Invalid
from chassis.wire.messages import Message, checker_of, reader_of
from chassis.wire.values import Hours, Money, NotExact, Quantity
from tests.contracts.published import EVENTS, MESSAGES, name, read, sample
from tests.properties import holds

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
def test_nothing_is_read_that_the_schema_would_refuse(cls: type[Message]) -> None:
    """And what is read, the schema would read the same way."""

    def reads(data: st.DataObject) -> None:
        plain = spoil(a_message(cls).dump(), data)
        try:
            message = reader_of(cls)(plain)
        except GIVEN_UP:
            return
        try:
            assert message == schema_of(cls).load(plain)
        except ValidationError as error:
            pytest.fail(f"read, but the schema says {error.messages}")

    holds(reads, examples=30)


IN_CODE: Any = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**19), 10**19), st.text(max_size=5), st.text("ab", min_size=30, max_size=400),
    st.sampled_from(["", "\x00", "\ud800", "a\r\nb", "a\rb", "x" * 5000, "0190a0a0-0000-7000-8000-00000000abcd", "part"]),
    st.builds(Money, st.integers(-(10**16), 10**16), st.sampled_from(["CNY", "IQD", "XXX", ""])),
    st.builds(Quantity, st.integers(-(10**16), 10**16)), st.builds(Hours, st.integers(-(10**16), 10**16)),
    st.datetimes(), st.datetimes(timezones=st.just(UTC)),
    st.just(datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))), st.dates(), st.times(),
    st.just([]), st.lists(st.none() | st.text(max_size=3), max_size=2), st.just({}), st.just({"key": 1}),
)  # fmt: skip
"""What a use case may have put into an event, by right or by mistake."""


def misfilled(message: Any, data: st.DataObject) -> Any:
    """The same message with something in one of its fields, at any depth, that may or may not belong there."""
    if isinstance(message, Message):
        field = data.draw(st.sampled_from(sorted(field.name for field in fields(message))))  # type: ignore[arg-type]
        return replace(message, **{field: misfilled(getattr(message, field), data)})
    if isinstance(message, list) and message and data.draw(st.booleans()):
        return [misfilled(message[0], data), *message[1:]]
    return data.draw(IN_CODE)


@pytest.mark.parametrize("event", EVENTS, ids=name)
def test_what_every_reader_takes_is_checked_without_writing_it(event: type[Message]) -> None:
    """Else nothing would be wrong, and everything slow."""
    sound = event.load(read(sample(event)))  # type: ignore[arg-type]
    assert checker_of(event)(sound) is sound


@pytest.mark.parametrize("event", EVENTS, ids=name)
def test_a_publisher_lets_pass_exactly_what_its_readers_take(event: type[Message]) -> None:
    """What it lets pass is never a dead letter; what it refuses, it names as the reader would."""

    def agree(data: st.DataObject) -> None:
        message = misfilled(event.load(read(sample(event))), data)  # type: ignore[arg-type]
        assert outcome(message.check) == outcome(lambda: event.load(message.dump()))

    holds(agree, examples=50)


def outcome(deed: Callable[[], object]) -> Any:
    """The broken rules, by field; nothing if there are none."""
    try:
        deed()
    except Invalid as error:
        return error.details
    except NotExact as error:
        return {"errors": {"body": [str(error)]}}
    return None


class Twin(Part):
    """A part that a message has twice."""

    name: str


class Twins(Answer):
    """A message that has it."""

    first: Twin
    second: Twin


class OfTwin(Answer):
    """Another message that has it."""

    one: Twin


def test_a_part_that_a_message_has_twice_is_read_by_one_schema() -> None:
    """Whatever was made before: a request's part refuses what it does not know, an answer's does not; the document has one."""
    strict, fields_of = type(schema_of(Twin)), schema_of(Twins).fields
    assert strict is not type(fields_of["first"].schema)
    assert type(fields_of["first"].schema) is type(fields_of["second"].schema)
    told = {"first": {"name": "a", "newer": 1}, "second": {"name": "b", "newer": 2}}
    assert Twins.load(told).second.name == "b"


def test_a_part_is_made_once_whatever_the_library_forgets() -> None:
    """It remembers so many classes, and the contracts have nearly as many: one made anew would be another one by that name."""
    made = type(schema_of(Twins).fields["first"].schema)
    marshmallow_dataclass._internal_class_schema.cache_clear()
    assert type(schema_of(OfTwin).fields["one"].schema) is made
