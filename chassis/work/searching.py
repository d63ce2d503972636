"""Looking for a person or a car by what was typed, in columns that keep names, phones and plates as they are compared."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, String, func, or_, select

from chassis.wire.errors import Invalid
from chassis.wire.phones import phone_pieces
from chassis.wire.searching import folded, writings
from chassis.work.unit_of_work import Work

T = TypeVar("T")


def has_piece(column: Any, key: str) -> ColumnElement[bool]:
    """Whether a plate or a number contains a key of what was typed.

    Who types no dash between two letters means any car with these (ADR 0021), and RO2026 any order of that year.
    """
    found: ColumnElement[bool] = (column if "-" in key else func.replace(column, "-", "", type_=String)).contains(
        key, autoescape=True
    )
    return found


def has_person(names: Any, phones: Any, *, name: str | None, phone: str | None, country: str | None) -> list[ColumnElement[bool]]:
    """Whether a person's name and phone contain what was typed; what is None was not asked.

    `names` holds the forms of a name (chassis.wire.searching), `phones` what phone_pieces gives first. Raises Invalid for a name
    of which nothing is left to compare.
    """
    asked: list[ColumnElement[bool]] = []
    if name is not None:
        if not folded(name):
            raise Invalid.field("name", "needs_letters_or_digits")
        asked.append(or_(*(names.contains(one, autoescape=True) for one in writings(name))))
    if phone is not None:
        asked.append(or_(*(phones.contains(piece, autoescape=True) for piece in phone_pieces(phone, country))))
    return asked


def newest_of(
    work: Work, model: type[T], *ways: Sequence[ColumnElement[bool]], by: Any, most: int, reading: Sequence[Any] = ()
) -> list[T]:
    """The newest, `by` one of its columns, of what is found in any of these ways; a way without a condition finds nothing.

    Each way is a question of its own and has an index of its own, so that it costs the same however much there is. `reading` is
    what is read with them.
    """
    found: dict[str, T] = {}
    for way in filter(None, ways):
        rows = work.all(select(model).where(*way).order_by(by.desc(), by.class_.id.desc()).limit(most).options(*reading))
        found |= {row.id: row for row in rows}  # type: ignore[attr-defined]  # of every model, and of no protocol
    return sorted(found.values(), key=lambda row: getattr(row, by.key), reverse=True)[:most]
