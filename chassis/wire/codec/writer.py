"""Writing a message: what its schema would write, without walking the schema."""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import date, datetime, time
from typing import Any

from chassis.wire.values import Hours, Money, Quantity


def written(value: Any) -> Any:
    """A value of a message as plain data, ready for JSON. Raises TypeError for what does not travel."""
    write = _WRITTEN.get(type(value))
    if write is not None:
        return write(value)
    if is_dataclass(value):
        return {name: written(one) for name, one in vars(value).items()}
    raise TypeError(f"{type(value).__name__} does not travel")


def _as_it_is(value: Any) -> Any:
    return value


_WRITTEN: dict[type, Callable[[Any], Any]] = {
    **dict.fromkeys((str, int, bool, type(None)), _as_it_is),
    **dict.fromkeys((date, time, datetime), lambda value: value.isoformat()),
    **dict.fromkeys((Quantity, Hours), str),
    Money: Money.plain,
    list: lambda values: [written(value) for value in values],
    dict: lambda values: {name: written(value) for name, value in values.items()},
}
