"""No command takes an amount without a bound: what nobody can mean is refused where it is typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from chassis.wire.codec import schema_of
from chassis.wire.messages import Command
from chassis.wire.values import LARGEST, Hours, HoursField, Money, MoneyField, Quantity, QuantityField
from contracts.shared import MOST_OF_A_LINE
from tests.contracts.published import EVENTS, REQUESTS, name

COMMANDS = [one for one in REQUESTS if issubclass(one, Command)]


def numbers(schema: Any, path: str = "") -> Iterator[tuple[str, QuantityField | HoursField | MoneyField]]:
    """Every quantity, every number of hours and all money in a message, at any depth."""
    for field_name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from numbers(inner.schema, f"{path}{field_name}.")
        elif isinstance(inner, QuantityField | HoursField | MoneyField):
            yield f"{path}{field_name}", inner


FOUND = [pytest.param(field, id=f"{name(one)}.{path}") for one in COMMANDS for path, field in numbers(schema_of(one))]

GAUGED = (
    "workshop.multi_point.PublishInspectionTemplates.",
    "workshop.multi_point.RecordMeasurements.",
    "workshop.shop_floor.CheckQuality.results.",
)
"""What a gauge shows may be below nothing, as degrees are."""
AMOUNTS = [one for one in FOUND if not str(one.id).startswith(GAUGED)]
READINGS = [one for one in FOUND if str(one.id).startswith(GAUGED)]


def test_there_are_commands_with_amounts() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert len(AMOUNTS) >= 8


@pytest.mark.parametrize("field", READINGS)
def test_a_reading_may_be_below_nothing_but_not_beyond_every_gauge(field: Any) -> None:
    """Rule W3: a coolant freezes at -35 degrees."""
    assert field.deserialize("-35") == Quantity.of("-35")
    for text in ("-1000000.001", "1000000.001"):
        with pytest.raises(ValidationError, match="number_"):
            field.deserialize(text)


@pytest.mark.parametrize("field", AMOUNTS)
@pytest.mark.parametrize("text", ["-3", "-0.001", "999999999999"])
def test_a_command_takes_no_amount_that_nobody_can_mean(field: Any, text: str) -> None:
    """Less than nothing, or more than any bin, any working life or any line holds."""
    with pytest.raises(ValidationError, match=r"number_|too_many|must_not_be_negative|more_than_a_line"):
        field.deserialize(meant(field, text))


@pytest.mark.parametrize("field", FOUND)
def test_an_ordinary_amount_is_taken(field: Any) -> None:
    """Else the bounds would be of no use."""
    assert field.deserialize(meant(field, "2")) in (Quantity.of(2), Hours.of(2), Money.of(2, "CNY"))


def test_the_lines_of_an_order_add_up_to_what_travels() -> None:
    """Each at its most, and as many as have a number."""
    assert 9_999 * MOST_OF_A_LINE < LARGEST


def meant(field: Any, text: str) -> Any:
    """The amount as it comes in."""
    return {"amount": text, "currency": "CNY"} if isinstance(field, MoneyField) else text


def leaves(schema: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every field of a message that holds a value: its path, its name, the field itself; at any depth."""
    for field_name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from leaves(inner.schema, f"{path}{field_name}.")
        else:
            yield f"{path}{field_name}", field_name, inner


def bounds(field: Any, kind: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """The least and the most that the validators of this kind let pass."""
    found = [check for check in field.validators if isinstance(check, kind)]
    least = [check.min for check in found if check.min is not None]
    most = [check.max for check in found if check.max is not None]
    return max(least, default=default[0]), min(most, default=default[1])


def extremes(field: Any) -> list[Any]:
    """What stands at the bounds of a command's field, as it comes in; of a field without bounds, what is far out."""
    if isinstance(field, fields.Integer):
        return list(bounds(field, validate.Range, (-(10**9), 10**9)))
    if isinstance(field, QuantityField | HoursField):
        return [str(one) for one in bounds(field, validate.Range, (field.kind(-LARGEST), field.kind(LARGEST)))]
    if isinstance(field, MoneyField):
        minor = (-LARGEST, -1, 0, 10**12, LARGEST)
        return [Money(one, "CNY").plain() for one in minor]
    if isinstance(field, fields.String):
        least, most = bounds(field, validate.Length, (0, 5000))
        made = [letter * size for size in (least, most) for letter in "aß片9" if size]
        return [*made, "0190a0a0-0000-7000-8000-00000000abcd", *(choice for choice in choices(field) if choice is not None)]
    return []


def choices(field: Any) -> list[Any]:
    """The words that a field knows."""
    return [choice for check in field.validators if isinstance(check, validate.OneOf) for choice in check.choices]


CARRIED = [
    pytest.param(field, carrier, id=f"{name(command)}.{path} in {name(event)}.{carried}")
    for command in COMMANDS
    for path, leaf, field in leaves(schema_of(command))
    for event in EVENTS
    if event.publisher() == command.service
    for carried, carrier_leaf, carrier in leaves(schema_of(event))
    if carrier_leaf == leaf
]


@pytest.mark.parametrize(("field", "carrier"), CARRIED)
def test_what_a_door_lets_in_the_event_of_that_name_can_carry(field: Any, carrier: Any) -> None:
    """Rule A8: at the bounds of a command's field, the field of the same name in its service's events takes the value too."""
    for value in extremes(field):
        try:
            taken = field.deserialize(value)
        except ValidationError:
            continue  # the door refuses it
        said = field._serialize(taken, None, None)
        carrier.deserialize(said)


def lists(schema: Any, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Every bounded list in a message, at any depth: its bound, and how many words its items are, or say one of."""
    for field_name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        nested = inner.schema.fields.values() if isinstance(inner, fields.Nested) else []
        bounds = [one.max for one in field.validators if isinstance(one, validate.Length) and one.max is not None]
        if isinstance(field, fields.List) and bounds:
            yield f"{path}{field_name}", min(bounds), max((len(_words(one)) for one in (inner, *nested)), default=0)
        if isinstance(inner, fields.Nested):
            yield from lists(inner.schema, f"{path}{field_name}.")


def _words(field: Any) -> set[str]:
    return {word for one in field.validators if isinstance(one, validate.OneOf) for word in one.choices}


LISTS = [
    pytest.param(most, words, id=f"{name(one)}.{path}")
    for one in COMMANDS
    for path, most, words in lists(schema_of(one))
    if words
]


@pytest.mark.parametrize(("most", "words"), LISTS)
def test_a_list_of_words_has_room_for_each_of_them(most: int, words: int) -> None:
    """What was answered can be saved back, also once there is one word more (Rules W2, W29)."""
    assert most >= words


def test_there_are_lists_of_words() -> None:
    """The search finds them, also where each item says one."""
    assert {"workshop.lane.SetReceptionSettings.warranties", "workshop.custody.HandOverThings.things"} <= {
        str(one.id) for one in LISTS
    }
