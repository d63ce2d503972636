"""Documents: what is kept as it was issued, and is never changed.

A document is stored under a type and a schema version of its own, not as an answer on the wire: an answer may change without
touching what is stored, and what was stored under an older version stays readable for ever, by an upcaster.

    class InvoiceDocument(Document, version=2, upcasters={1: _with_payer_address}):
        lines: list[InvoiceLine]

    content: Mapped[InvoiceDocument] = mapped_column(stored(InvoiceDocument))

Who signs a document signs its fingerprint: SHA-256 of its canonical form, which is the JSON that is stored - texts, whole
numbers, true, false and null - with sorted names, without blanks, in UTF-8. So it can be worked out again from the row alone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from chassis.wire.messages import LenientMessage

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the plain data of one schema version to the next one."""

_VERSION = "schema_version"


class Document(LenientMessage):
    """A frozen dataclass that is stored whole. `upcasters` has one entry for each older version: version -> how to the next."""

    __slots__ = ("_stored",)  # what it was read from: it is kept beside the fields, and is none

    version: ClassVar[int]
    upcasters: ClassVar[Mapping[int, Upcaster]]

    def __init_subclass__(cls, *, version: int = 1, upcasters: Mapping[int, Upcaster] | None = None) -> None:
        super().__init_subclass__()
        cls.version = version
        cls.upcasters = upcasters or {}
        if set(cls.upcasters) != set(range(1, version)):
            raise TypeError(f"{cls.__name__} has version {version}: it needs an upcaster for each version before")

    def store(self) -> dict[str, Any]:
        """The document as it is stored: its plain data with its schema version."""
        return {_VERSION: self.version, **self.dump()}

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the document as it is stored, also where that was by older code, or newer, which says more of it."""
        return _fingerprint(getattr(self, "_stored", None) or self.store())

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The document that was stored, whatever its version then. Raises ValueError for a version that is newer than known."""
        data = dict(stored)
        version = data.pop(_VERSION)
        if version > cls.version:
            raise ValueError(f"{cls.__name__} was stored with version {version}, known is {cls.version}")
        for older in range(version, cls.version):
            data = cls.upcasters[older](data)
        document = cls.load(data)
        object.__setattr__(document, "_stored", stored)
        return document


def _fingerprint(stored: Mapping[str, Any]) -> str:
    canonical = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Stored(TypeDecorator[Document]):
    """A column of documents of one class; jsonb on PostgreSQL so that operators can query it."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: type[Document]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """JSON as the database keeps it best; no document is NULL, and not the JSON that says null."""
        return dialect.type_descriptor((JSONB if dialect.name == "postgresql" else JSON)(none_as_null=True))

    def process_bind_param(self, value: Document | None, dialect: Dialect) -> Any:
        """The document as it is stored."""
        return None if value is None else value.store()

    def process_result_value(self, value: Any, dialect: Dialect) -> Document | None:
        """The document that was stored."""
        return None if value is None else self.kind.read(value)


def stored(kind: type[Document]) -> TypeDecorator[Document]:
    """The column type of a document of this class."""
    return _Stored(kind)
