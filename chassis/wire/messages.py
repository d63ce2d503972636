"""What travels: commands and queries into a service, answers out of it, events between services.

A message is a frozen dataclass; its marshmallow schema follows from its annotations, once per class. Commands and queries
refuse unknown fields (a typo must not be ignored), events and answers ignore them (the other side may be newer).
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Self, Union, cast, dataclass_transform, get_args, get_origin

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validate
from marshmallow_dataclass import class_schema

from chassis.wire.errors import Invalid
from chassis.wire.readers import GIVEN_UP, Read, reader
from chassis.wire.values import Hours, HoursField, Money, MoneyField, Quantity, QuantityField

Id = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", error="Not a valid id.")
    ),
]
"""A UUID in its canonical text form."""

DEALER_ID = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\Z"

DealerId = Annotated[
    str,
    fields.String(validate=validate.Regexp(DEALER_ID, error="Lower-case letters, digits and inner hyphens, at most 32.")),
]
"""The dealer's code in the registry; it stands in paths, rows and logs."""


class _Text(fields.String):
    """Text whose lines end as ours do, wherever it was written."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value.replace("\r\n", "\n") if isinstance(value, str) else value, *args, **kwargs)


def text(longest: int, *, shortest: int = 1) -> fields.String:
    """A field of text with a length, for use in Annotated[str, text(80)]; control characters are refused."""
    return _Text(
        validate=[
            validate.Length(min=shortest, max=longest),
            validate.Regexp(r"^[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="Control characters are not allowed."),
        ]
    )


def whole(least: int = 0, most: int | None = None) -> fields.Integer:
    """A whole number within bounds, for use in Annotated[int, whole(0)]."""
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=most))


class _BaseSchema(Schema):
    TYPE_MAPPING = {  # noqa: RUF012  # marshmallow declares it as an instance variable
        **Schema.TYPE_MAPPING,
        Money: MoneyField,
        Quantity: QuantityField,
        Hours: HoursField,
        datetime: fields.AwareDateTime,
        date: fields.Date,
        time: fields.Time,
    }


class _StrictSchema(_BaseSchema):
    class Meta:
        unknown = RAISE


class _LenientSchema(_BaseSchema):
    class Meta:
        unknown = EXCLUDE


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Message:
    """Base of all messages: subclasses become frozen keyword-only dataclasses with a schema."""

    _schema: ClassVar[type[Schema]] = _StrictSchema

    def __init_subclass__(cls) -> None:
        cls.__annotations__ = {name: _told_of_defaults(kind) for name, kind in cls.__annotations__.items()}
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def load(cls, data: Any) -> Self:
        """Build the message from plain data. Raises Invalid naming every field that breaks a rule."""
        try:
            return cast(Self, reader_of(cls)(data))  # type: ignore[arg-type]  # a class is hashable, whatever its instances are
        except GIVEN_UP:
            pass  # the schema explains what is wrong
        try:
            return cast(Self, schema_of(cls).load(data))
        except ValidationError as error:
            raise Invalid.fields(flatten(cast("dict[str, Any]", error.normalized_messages()))) from None  # type: ignore[no-untyped-call]

    def dump(self) -> dict[str, Any]:
        """The message as plain data, ready for JSON: what its schema would write, without walking the schema."""
        return {name: _plain(value) for name, value in self.__dict__.items()}


def _plain(value: Any) -> Any:
    write = _WRITTEN.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, Message):
        return value.dump()
    raise TypeError(f"{type(value).__name__} does not travel")


def _as_it_is(value: Any) -> Any:
    return value


_WRITTEN: dict[type, Callable[[Any], Any]] = {
    **dict.fromkeys((str, int, bool, type(None)), _as_it_is),
    **dict.fromkeys((date, time, datetime), lambda value: value.isoformat()),
    **dict.fromkeys((Quantity, Hours), str),
    Money: Money.plain,
    list: lambda values: [_plain(value) for value in values],
    dict: lambda values: {name: _plain(value) for name, value in values.items()},
}


def _told_of_defaults(annotation: Any) -> Any:
    """The annotation, so that a marshmallow field in it learns whether the dataclass has a default.

    marshmallow-dataclass takes a field's instance as it is - not required, never null -, but builds one of a field's class.
    """
    if get_origin(annotation) is Annotated:
        kind, *notes = get_args(annotation)
        return Annotated[(kind, *(_class_of(note) if isinstance(note, fields.Field) else note for note in notes))]
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(_told_of_defaults(kind) for kind in get_args(annotation))]  # noqa: UP007  # built at run time
    return annotation


def _class_of(field: fields.Field[Any]) -> type[fields.Field[Any]]:
    """A field class whose instances are copies of `field`, but for what they are told of defaults."""

    class Told(type(field)):  # type: ignore[misc]  # a base known at run time
        def __init__(self, **told: Any) -> None:
            self.__dict__.update(deepcopy(field).__dict__)
            self.required = told.get("required", False)
            self.load_default = told.get("load_default", missing)
            self.allow_none = field.allow_none or self.load_default is None

    return Told


def schema_of(cls: type[Message]) -> Schema:
    """The one schema instance of a message class."""
    return _schemas(cls)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are


@cache
def _schemas(cls: Any) -> Schema:
    return class_schema(cls, base_schema=cls._schema)()


@cache
def reader_of(cls: Any) -> Read:
    """What reads a message of this class, if it keeps every rule."""
    return reader(cls, schema_of(cls))


def snake_case(name: str) -> str:
    """DeliverWorkOrder -> deliver_work_order."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def flatten(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages as {"lines.0.quantity": ["…"]}."""
    found: dict[str, list[str]] = {}
    for name, rest in messages.items():
        path = f"{prefix}{'' if name == '_schema' else name}".rstrip(".") or "body"
        if isinstance(rest, Mapping):
            found.update(flatten(rest, f"{path}."))
        else:
            found[path] = [str(message) for message in rest]
    return found


class Answer(Message):
    """What a command or query answers. Unknown fields are ignored: the service may be newer than its caller."""

    _schema: ClassVar[type[Schema]] = _LenientSchema


class Part(Message):
    """A part of another message that has no life of its own: a line, an address."""


class _Request(Message):
    service: ClassVar[str]
    method: ClassVar[str]
    answer: ClassVar[type[Answer] | None]

    def __init_subclass__(cls, *, service: str = "", answer: type[Answer] | None = None) -> None:
        super().__init_subclass__()
        cls.method = snake_case(cls.__name__)
        cls.answer = answer
        if service:
            cls.service = service


class Command(_Request):
    """Asks one service to do something: `class DeliverWorkOrder(Command, service="workshop", answer=WorkOrder)`."""


class Query(_Request):
    """Asks one service for something and changes nothing."""


class Event(Message):
    """A fact that one service announces; `subscribers` names the queues it must reach.

    `class WorkOrderDelivered(Event, type="workshop.work_order.delivered", subscribers=("parts.deduct_stock",))`: the part of the
    type before the first dot is the service that publishes it, the rest is the routing key. `version` is the major version.
    """

    _schema: ClassVar[type[Schema]] = _LenientSchema
    type: ClassVar[str]
    version: ClassVar[int]
    subscribers: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, *, type: str = "", version: int = 1, subscribers: tuple[str, ...] = ()) -> None:  # noqa: A002
        super().__init_subclass__()
        if type:
            cls.type = type
            cls.version = version
            cls.subscribers = subscribers

    @classmethod
    def publisher(cls) -> str:
        """The service that announces this event."""
        return cls.type.partition(".")[0]

    @classmethod
    def routing_key(cls) -> str:
        """What subscribers bind to on the publisher's exchange."""
        return cls.type.partition(".")[2]
