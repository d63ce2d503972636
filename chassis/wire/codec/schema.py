"""The marshmallow schema of a message: it explains what is wrong, and OpenAPI is made from it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, time
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import marshmallow_dataclass
from marshmallow import EXCLUDE, RAISE, Schema, fields, missing

from chassis.wire.codec.codes import CodedSchema
from chassis.wire.fields import Day, Instant, YesOrNo
from chassis.wire.values import Hours, HoursField, Money, MoneyField, Quantity, QuantityField


class _BaseSchema(CodedSchema):
    TYPE_MAPPING = {  # noqa: RUF012  # marshmallow declares it as an instance variable
        **Schema.TYPE_MAPPING,
        Money: MoneyField,
        Quantity: QuantityField,
        Hours: HoursField,
        datetime: Instant,
        date: Day,
        time: fields.Time,
        bool: YesOrNo,
    }


class StrictSchema(_BaseSchema):
    """Refuses unknown fields."""

    class Meta:
        unknown = RAISE


class LenientSchema(_BaseSchema):
    """Ignores unknown fields."""

    class Meta:
        unknown = EXCLUDE


def learning_of_defaults(annotation: Any) -> Any:
    """The annotation, so that a marshmallow field in it learns whether the dataclass has a default.

    marshmallow-dataclass takes a field's instance as it is - not required, never null -, but builds one of a field's class.
    """
    if get_origin(annotation) is Annotated:
        kind, *notes = get_args(annotation)
        return Annotated[(kind, *(_class_of(note) if isinstance(note, fields.Field) else note for note in notes))]
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(learning_of_defaults(kind) for kind in get_args(annotation))]  # noqa: UP007  # built at run time
    return annotation


def _class_of(field: fields.Field[Any]) -> type[fields.Field[Any]]:
    """A field class whose instances are copies of `field`, but for what they learn of defaults."""

    class Learning(type(field)):  # type: ignore[misc]  # a base known at run time
        def __init__(self, **known: Any) -> None:
            self.__dict__.update(deepcopy(field).__dict__)
            self.required = known.get("required", False)
            self.load_default = known.get("load_default", missing)
            self.allow_none = field.allow_none or self.load_default is None

    return Learning


def schema_of(cls: type[Any]) -> Schema:
    """The one schema instance of a message class."""
    return _schemas(cls)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are


@cache
def _schemas(cls: Any) -> Schema:
    return _schema_class(cls, cls.schema_base)()


@cache
def _schema_class(cls: Any, base: type[Schema]) -> type[Schema]:
    """One for a class and base, for as long as the process lives: a library that forgot one would make it anew, as another class.

    Its own memory has room for so many classes (`MAX_CLASS_SCHEMA_CACHE_SIZE`), which the contracts will outgrow.
    """
    make = marshmallow_dataclass._internal_class_schema.__wrapped__
    with marshmallow_dataclass._SchemaContext() as making:
        making.seen_classes = _Parts(base)
        made: type[Schema] = make(cls, base)
    return made


class _Parts(dict[type, Any]):
    """Where the library looks up the parts of the message it makes a schema of: each is there, as the schema it has everywhere.

    Itself it would take a part that a message has twice by its name, when it is first used: the schema of that name which was
    made first, be it the strict one of a request or the lenient one of an answer. No message is a part of itself.
    """

    def __init__(self, base: type[Schema]) -> None:
        super().__init__()
        self._base = base

    def get(self, key: Any, default: Any = None) -> Any:
        """The schema of a part."""
        return _schema_class(key, self._base)


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
