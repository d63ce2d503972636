"""What a service's domain is built of: dealer-owned rows and aggregates.

Each service has its own declarative base, made by `model_base()`, because six services may live in one process and each
owns its tables. A dealer-owned row has the primary key (dealer_id, id): nothing can refer across dealers by accident.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import BigInteger, ForeignKeyConstraint, MetaData, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from chassis.store.columns import DealerIdType, IdType, UtcDateTime
from chassis.wire.ids import derived_id, new_id
from chassis.wire.messages import Answer, Event

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class ModelBase(DeclarativeBase):
    """Base of every service's declarative base; maps types that mean something to columns that keep it."""

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), int: BigInteger()}


def model_base(service: str) -> type[ModelBase]:
    """The declarative base of one service, with its own MetaData: `Base = model_base("parts")`."""
    return type(
        f"{service.title()}Base",
        (ModelBase,),
        {"__abstract__": True, "metadata": MetaData(naming_convention=NAMING, info={"service": service})},
    )


class DealerOwned:
    """A row that belongs to one dealer. Reads are scoped to the dealer of the unit of work, writes are stamped with it."""

    dealer_id: Mapped[str] = mapped_column(DealerIdType, primary_key=True, sort_order=-20)


class Entity(DealerOwned):
    """A dealer-owned row with an identity of its own; the id is known before it is stored."""

    id: Mapped[str] = mapped_column(IdType, primary_key=True, sort_order=-10)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        super().__init__(**values)


class Root:
    """The root of a consistency boundary: one version, one announced event per change.

    `version` is the ETag and the event's sequence; `Work.edit` raises it, whether the root or only its children changed.
    """

    if TYPE_CHECKING:
        id: Mapped[str]  # declared by those who know what kind of id theirs is

    version: Mapped[int] = mapped_column(default=1, sort_order=-5)
    updated_at: Mapped[datetime] = mapped_column(sort_order=-3)
    """When its version was last raised."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # declared_attr works on the class
        return {"version_id_col": cls.version, "version_id_generator": False}

    def __init__(self, **values: Any) -> None:
        values.setdefault("version", 1)
        super().__init__(**values)

    @property
    def announced(self) -> list[Event]:
        """The facts announced since the aggregate was loaded; the unit of work writes them to the outbox."""
        announced: list[Event] = self.__dict__.setdefault("_announced", [])
        return announced

    def announce(self, fact: Event) -> None:
        """Announce what happened. At most one fact per change: the version is its sequence."""
        if self.announced:
            raise RuntimeError(f"{type(self).__name__} announces {fact.type} after {self.announced[0].type} in one change")
        self.announced.append(fact)

    @property
    def concerns(self) -> str | None:
        """The dealer whom its facts concern."""
        raise NotImplementedError

    @property
    def correlation_id(self) -> str | None:
        """What its facts belong to, whoever caused them."""
        return None

    def describe(self) -> Answer:
        """The aggregate's public face, as commands and queries answer it."""
        raise NotImplementedError


class Aggregate(Root, Entity):
    """A root that belongs to one dealer."""

    visit_id: Mapped[str | None] = mapped_column(IdType, sort_order=-4)
    """The customer's visit this belongs to: correlation of everything that follows from one booking or walk-in."""

    @property
    def concerns(self) -> str | None:
        """Its dealer."""
        return self.dealer_id

    @property
    def correlation_id(self) -> str | None:
        """The visit."""
        return self.visit_id


class GroupAggregate(Root):
    """A root that belongs to the group, not to a dealer; its class declares its `id`."""

    @property
    def concerns(self) -> str | None:
        """No dealer, unless its class overrides it."""
        return None


class DealerSettings(Aggregate):
    """Settings of which each dealer has one row, made with its defaults when the registry's fact comes.

    A dealer that was registered before there were such settings has none until it sets something: its defaults apply.
    """

    @classmethod
    def identity(cls, dealer: str) -> str:
        """The id of the dealer's one row."""
        return derived_id(cls.__tablename__, dealer)  # type: ignore[attr-defined]  # every mapped class has one

    @classmethod
    def with_defaults(cls, currency: str) -> Self:
        """What applies until the dealer sets something else."""
        raise NotImplementedError

    @classmethod
    def first(cls, dealer: str, currency: str) -> dict[str, object]:
        """The columns of the dealer's row before it sets anything."""
        row = cls.with_defaults(currency)
        columns = ((one.key, getattr(row, one.key)) for one in inspect(cls).column_attrs)
        return {**{key: value for key, value in columns if value is not None}, "id": cls.identity(dealer)}


class Projection(Entity):
    """What is kept of another service's object: the newest fact counts, in any order of arrival; see `Work.project`."""

    sequence: Mapped[int]


def belongs_to(parent: str, column: str) -> ForeignKeyConstraint:
    """The foreign key of a child row to its root, within the dealer: `belongs_to("work_order", "work_order_id")`."""
    return ForeignKeyConstraint(["dealer_id", column], [f"{parent}.dealer_id", f"{parent}.id"], ondelete="CASCADE")
