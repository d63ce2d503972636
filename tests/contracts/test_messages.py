"""Messages are written without walking their schemas; what comes out is what the schemas would write."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from chassis.messages import Message, schema_of
from chassis.values import Hours, Money, Quantity
from tests.contracts.published import MESSAGES, name

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
