"""The group's model coefficients, shared by all dealers, found however make and model are written (Rule W5)."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Refused, Work
from contracts.workshop.pricing import MODEL_NAME
from services.workshop.model import Base

DIGITS = 3
MAKES = ""
"""Stands for the make where a make itself is called something else: no name has an empty key."""


class ModelCoefficient(Base):
    """How much more a model takes than the flat rate says (车型技术复杂系数), in thousandths."""

    __tablename__ = "model_coefficient"

    make_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    model_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    thousandths: Mapped[int]


class ModelAlias(Base):
    """What else a make is called, or a model of a make."""

    __tablename__ = "model_alias"

    make_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    alias_key: Mapped[str] = mapped_column(String(100), primary_key=True)
    name_key: Mapped[str] = mapped_column(String(100))


def thousandths(coefficient: str) -> int:
    """A coefficient as it is stored: "1.25" is 1250."""
    return int(Decimal(coefficient).scaleb(DIGITS))


def coefficient_of(work: Work, make: str, model: str) -> Decimal | None:
    """The model's coefficient; None where the group has published none."""
    make_key = name_key(work, MAKES, MODEL_NAME.key(make))
    found = work.find(ModelCoefficient, make_key, name_key(work, make_key, MODEL_NAME.key(model)))
    return None if found is None else Decimal(found.thousandths).scaleb(-DIGITS)


def name_key(work: Work, make_key: str, key: str) -> str:
    """The key under which the group published what is called so."""
    alias = work.find(ModelAlias, make_key, key)
    return key if alias is None else alias.name_key


def aliases(work: Work, make_key: str, key: str, others: Iterable[str]) -> list[dict[str, str]]:
    """Rows of what else is called so. Raises Refused for an alias that means something else already."""
    rows = []
    for other in others:
        alias = MODEL_NAME.key(other)
        if alias != key:
            _require_free(work, make_key, alias, key, other)
            rows.append({"make_key": make_key, "alias_key": alias, "name_key": key})
    return rows


def _require_free(work: Work, make_key: str, alias: str, key: str, written: str) -> None:
    named = name_key(work, make_key, alias)
    has_its_own = named == alias and _published(work, make_key, alias)
    if has_its_own or named not in (alias, key):
        raise Refused("alias_taken", name=written)


def _published(work: Work, make_key: str, key: str) -> bool:
    """Whether coefficients stand under this make, or under this model of a make."""
    if make_key:
        return work.find(ModelCoefficient, make_key, key) is not None
    return work.first(select(ModelCoefficient).where(ModelCoefficient.make_key == key)) is not None
