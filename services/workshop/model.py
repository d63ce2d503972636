"""What workshop's tables are declared with."""

from typing import Any, TypeVar

from sqlalchemy import event

from chassis import ModelBase, model_base


class Base(ModelBase):
    """What workshop's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("workshop").metadata


B = TypeVar("B", bound=Base)


def never_changed(kind: type[B]) -> type[B]:
    """Rows of this class are only ever added: changing or deleting one is an error."""
    event.listen(kind, "before_update", _refuse_change)
    event.listen(kind, "before_delete", _refuse_change)
    return kind


def _refuse_change(mapper: Any, connection: Any, row: Any) -> None:
    raise PermissionError(f"{type(row).__name__} {row.id} is a document: it is never changed or deleted")
