"""What travels: commands and queries into a service, answers out of it, events between services.

A message is a frozen dataclass; how it is read and written follows from its annotations (see `codec`). Commands and queries
refuse unknown fields (a typo must not be ignored), events and answers ignore them (the other side may be newer).
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self, cast, dataclass_transform

from marshmallow import Schema, ValidationError

from chassis.wire.codec import (
    GIVEN_UP,
    Check,
    LenientSchema,
    Read,
    StrictSchema,
    checker,
    flatten,
    learning_of_defaults,
    reader,
    schema_of,
    written,
)
from chassis.wire.errors import Invalid
from chassis.wire.values import NotExact


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Message:
    """Base of all messages: subclasses become frozen keyword-only dataclasses with a schema."""

    schema_base: ClassVar[type[Schema]] = StrictSchema

    def __init_subclass__(cls) -> None:
        cls.__annotations__ = {name: learning_of_defaults(kind) for name, kind in cls.__annotations__.items()}
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def load(cls, data: Any) -> Self:
        """Build the message from plain data. Raises Invalid naming every field that breaks a rule."""
        try:
            return cast(Self, reader_of(cls)(data))  # type: ignore[arg-type]  # a class is hashable, whatever its instances are
        except GIVEN_UP:
            pass  # the schema explains what is wrong
        return cls._explained(data)

    @classmethod
    def _explained(cls, data: Any) -> Self:
        try:
            return cast(Self, schema_of(cls).load(data))
        except ValidationError as error:
            raise Invalid.fields(flatten(cast("dict[str, Any]", error.normalized_messages()))) from None  # type: ignore[no-untyped-call]

    def check(self) -> None:
        """Raises Invalid, naming every field that breaks a rule, if whoever receives this message would refuse it."""
        try:
            checker_of(type(self))(self)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are
        except GIVEN_UP:
            try:
                self._explained(self.dump())
            except NotExact as error:  # money of no currency cannot even be written
                raise Invalid.fields({"body": [str(error)]}) from None

    def dump(self) -> dict[str, Any]:
        """The message as plain data, ready for JSON: what its schema would write, without walking the schema."""
        return {name: written(value) for name, value in self.__dict__.items()}


def snake_case(name: str) -> str:
    """DeliverWorkOrder -> deliver_work_order."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@cache
def reader_of(cls: Any) -> Read:
    """What reads a message of this class, if it keeps every rule."""
    return reader(cls, schema_of(cls))


@cache
def checker_of(cls: Any) -> Check:
    """What checks a message of this class."""
    return checker(schema_of(cls))


class LenientMessage(Message):
    """A message that ignores unknown fields: whoever wrote it may be newer."""

    schema_base: ClassVar[type[Schema]] = LenientSchema


class Answer(LenientMessage):
    """What a command or query answers. Unknown fields are ignored: the service may be newer than its caller."""


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


class Event(LenientMessage):
    """A fact that one service announces; `subscribers` names the queues it must reach.

    `class WorkOrderDelivered(Event, type="workshop.work_order.delivered", subscribers=("parts.deduct_stock",))`: the part of the
    type before the first dot is the service that publishes it, the rest is the routing key. `version` is the major version.
    """

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
