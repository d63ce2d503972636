"""Looking for a number plate, in a column of its keys."""

from typing import Any

from sqlalchemy import ColumnElement, String, func

from chassis.wire.keys import plate_key


def has_plate(column: Any, typed: str) -> ColumnElement[bool]:
    """Whether a plate contains what was typed. Who types no dash between two letters means any car with these (ADR 0021)."""
    key = plate_key(typed)
    found: ColumnElement[bool] = (column if "-" in key else func.replace(column, "-", "", type_=String)).contains(
        key, autoescape=True
    )
    return found
