"""Amounts as people write them: with a decimal point or a decimal comma, where there is no doubt which."""

import re

from marshmallow import ValidationError

from chassis.wire.rules import rule
from files.content import Number

_PLAIN = re.compile(r"[0-9]{1,15}", re.ASCII)
_POINT = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3})+)\.[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){2,}", re.ASCII)
_COMMA = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){2,}", re.ASCII)
_EITHER = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}", re.ASCII)
"""1,234 is a thousand and more to one, and one and a bit to another."""


class Amounts:
    """The amounts of one file: the first that shows its decimal sign speaks for all of them."""

    def __init__(self) -> None:
        self._sign: str | None = None

    def read(self, cell: str) -> str:
        """The amount as a plain decimal. Raises ValidationError for what is none, or could be two."""
        if isinstance(cell, Number) and not cell.startswith("-"):
            return str(cell)
        if _PLAIN.fullmatch(cell):
            return cell
        if _EITHER.fullmatch(cell):
            raise ValidationError(rule("ambiguous_decimal", value=cell))
        if _POINT.fullmatch(cell):
            return self._signed(cell, ".", ",")
        if _COMMA.fullmatch(cell):
            return self._signed(cell, ",", ".")
        raise ValidationError(rule("not_an_amount", value=cell[:40]))

    def _signed(self, cell: str, sign: str, groups: str) -> str:
        if self._sign not in (None, sign):
            raise ValidationError(rule("mixed_decimals", value=cell))
        self._sign = sign
        return cell.replace(groups, "").replace(sign, ".")
