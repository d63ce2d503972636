"""What the group's aggregates are built of: like a dealer's, with a version, but owned by no dealer."""

from typing import Any, TypeVar

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.store.model import ModelBase, model_base
from chassis.wire.errors import NotFound, PreconditionFailed
from chassis.wire.messages import Answer, snake_case
from chassis.work.unit_of_work import Work


class Base(ModelBase):
    """What the gateway's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("gateway").metadata


class GroupAggregate:
    """The root of a consistency boundary of the group. `version` is the ETag; `edit` raises it."""

    id: Mapped[str]
    version: Mapped[int] = mapped_column(default=1, sort_order=-5)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # declared_attr works on the class
        return {"version_id_col": cls.version, "version_id_generator": False}

    def describe(self) -> Answer:
        """The aggregate's public face, as commands and queries answer it."""
        raise NotImplementedError


G = TypeVar("G", bound=GroupAggregate)


def get(work: Work, kind: type[G], id: str) -> G:  # noqa: A002  # the trade calls it id
    """The aggregate with that id. Raises NotFound."""
    found = work.session.get(kind, id)
    if found is None:
        raise NotFound("not_found", kind=snake_case(kind.__name__), id=id)
    return found


def edit(work: Work, kind: type[G], id: str) -> G:  # noqa: A002  # the trade calls it id
    """The aggregate to change: locked, its version raised. Raises NotFound; PreconditionFailed if If-Match is stale."""
    found = work.session.get(kind, id, with_for_update={"of": kind}, populate_existing=True)
    if found is None:
        raise NotFound("not_found", kind=snake_case(kind.__name__), id=id)
    if work.call.if_match is not None and work.call.if_match != found.version:
        raise PreconditionFailed("version_is_stale", version=found.version)
    found.version += 1
    return found
