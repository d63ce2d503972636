"""No command takes an amount without a bound: what nobody can mean is refused where it is typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import ValidationError, fields

from chassis.wire.codec import schema_of
from chassis.wire.messages import Command
from chassis.wire.values import Hours, HoursField, Quantity, QuantityField
from tests.contracts.published import REQUESTS, name

COMMANDS = [one for one in REQUESTS if issubclass(one, Command)]


def numbers(schema: Any, path: str = "") -> Iterator[tuple[str, QuantityField | HoursField]]:
    """Every quantity and every number of hours in a message, at any depth."""
    for field_name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from numbers(inner.schema, f"{path}{field_name}.")
        elif isinstance(inner, QuantityField | HoursField):
            yield f"{path}{field_name}", inner


FOUND = [pytest.param(field, id=f"{name(one)}.{path}") for one in COMMANDS for path, field in numbers(schema_of(one))]


def test_there_are_commands_with_amounts() -> None:
    """The search finds them: tests of nothing would all pass."""
    assert len(FOUND) >= 8


@pytest.mark.parametrize("field", FOUND)
@pytest.mark.parametrize("text", ["-3", "-0.001", "999999999999"])
def test_a_command_takes_no_amount_that_nobody_can_mean(field: Any, text: str) -> None:
    """Less than nothing, or more than any bin or any working life holds."""
    with pytest.raises(ValidationError, match=r"number_|too_many"):
        field.deserialize(text)


@pytest.mark.parametrize("field", FOUND)
def test_an_ordinary_amount_is_taken(field: Any) -> None:
    """Else the bounds would be of no use."""
    assert field.deserialize("2") in (Quantity.of(2), Hours.of(2))
