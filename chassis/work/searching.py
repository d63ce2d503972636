"""Looking for a person or a car by what was typed, in columns that keep names, phones and plates as they are compared."""

from typing import Any

from sqlalchemy import ColumnElement, String, func, or_

from chassis.wire.errors import Invalid
from chassis.wire.phones import phone_pieces
from chassis.wire.searching import folded, writings


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
