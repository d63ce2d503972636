"""Money, quantities and hours: exact, typed, and stored as integers.

Inside they are whole numbers of the smallest unit (minor units, 1/1000, 1/100 h), because a float or SQLite's NUMERIC would
lose a cent; on the wire they are decimal strings, money as {"amount": "12.50", "currency": "CNY"}.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Any, Self

from iso4217 import Currency
from marshmallow import ValidationError, fields

from chassis.wire.rules import rule

LARGEST = 10**15
"""The largest number of smallest units: more is a slip of the keyboard, and sums of such amounts still fit the database."""


_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_ANY_SIZE = Context(prec=100)
_OF_ACCOUNT = frozenset({"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAD"})
"""ISO 4217 lists them too, but nobody is paid with a fund, an index or a unit of account."""
_CURRENCIES = {one.code: one for one in Currency if one.code not in _OF_ACCOUNT}


class NotExact(ValueError):
    """Text that is no exact number of these units; it reads as the rule of a field (see rules.py)."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(rule(code, **values))


@cache
def minor_digits(currency: str) -> int:
    """How many decimals the currency has by ISO 4217 (CNY 2, JPY 0, RSD 2: its minor unit, whatever prices are shown with).

    Raises NotExact for what is no currency in use, and for codes that are no money one could pay with (XXX, XAU, CLF).
    """
    found = _CURRENCIES.get(currency)
    if found is None or found.exponent is None:
        raise NotExact("not_a_currency", value=currency)
    return int(found.exponent)


def round_half_up(value: Decimal) -> int:
    """Commercial rounding: half away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def basis_points(part: int, whole: int) -> int | None:
    """How many ten thousandths of the whole the part is, half up; None of nothing. Neither is negative."""
    return None if whole == 0 else (20_000 * part + whole) // (2 * whole)


def _exact(text: str | int | Decimal, digits: int) -> int:
    # Decimal itself also reads "1_0", " 5", "1e2" and the digits of every script: slips, where money is written.
    if isinstance(text, str) and not _DECIMAL.fullmatch(text):
        raise NotExact("not_a_decimal", value=text)
    scaled = Decimal(text).scaleb(digits, _ANY_SIZE)
    if not scaled.is_finite():
        raise NotExact("not_a_decimal", value=str(text))
    if abs(scaled) > LARGEST:
        raise NotExact("too_large", value=str(text))
    if scaled != scaled.to_integral_value():
        raise NotExact("too_many_decimals", value=str(text), most=digits)
    return int(scaled)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of one currency in its minor unit. Adding two currencies is a programmer's mistake."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Money from a decimal: `Money.of("12.50", "CNY")`. Raises ValueError for too many decimals or a bad currency."""
        return cls(_exact(amount, minor_digits(currency)), currency)

    @classmethod
    def rounded(cls, minor: Decimal, currency: str) -> Self:
        """Money from a computed number of minor units, rounded half up once."""
        return cls(round_half_up(minor), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """No money of that currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """The sum; zero of `currency` when there are none."""
        result = Money(0, currency)
        for amount in amounts:
            result += amount
        return result

    @property
    def amount(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def plain(self) -> dict[str, str]:
        """As it travels: {"amount": "12.50", "currency": "CNY"}."""
        return {"amount": str(self.amount), "currency": self.currency}

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def times(self, factor: Decimal) -> "Money":
        """This amount multiplied and rounded half up to the minor unit, once."""
        return Money.rounded(Decimal(self.minor) * factor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


class _Scaled:
    """Shared behaviour of numbers with a fixed number of decimals."""

    __slots__ = ()
    DIGITS = 0
    units: int

    def __init__(self, units: int) -> None:
        raise NotImplementedError

    @classmethod
    def of(cls, value: str | int | Decimal) -> Self:
        """From a decimal. Raises ValueError for too many decimals."""
        return cls(_exact(value, cls.DIGITS))

    @property
    def decimal(self) -> Decimal:
        """As a decimal in whole units."""
        return Decimal(self.units).scaleb(-self.DIGITS)

    @property
    def shortest(self) -> str:
        """As people write it, without zeros at the end: 7, 1.6."""
        return f"{self.decimal.normalize():f}"

    def __str__(self) -> str:
        return str(self.decimal)


@dataclass(frozen=True, order=True, slots=True)
class Quantity(_Scaled):
    """How much of a part, in thousandths of its unit (oil comes in fractions of a litre)."""

    units: int
    DIGITS = 3

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.units + other.units)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.units - other.units)

    def __neg__(self) -> "Quantity":
        return Quantity(-self.units)


@dataclass(frozen=True, order=True, slots=True)
class Hours(_Scaled):
    """Sold or worked time in hundredths of an hour."""

    units: int
    DIGITS = 2

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.units + other.units)


class ExactField(fields.Field[Any]):
    """A field of exact numbers, which are text on the wire only."""

    def accept(self, value: Any) -> Any:
        """What reading it would make of this value if it were written. Raises as reading would."""
        raise NotImplementedError


class MoneyField(ExactField):
    """{"amount": "12.50", "currency": "CNY"} on the wire."""

    def accept(self, value: Any) -> Any:
        """Its amount within bounds, its currency in use."""
        if type(value) is not Money or type(value.minor) is not int:
            raise ValidationError("not_money")
        try:
            minor_digits(value.currency)
        except NotExact as error:
            raise ValidationError(str(error)) from None
        return _within_bounds(value, value.minor)

    def _serialize(self, value: Money | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, str] | None:
        return None if value is None else value.plain()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Money:
        if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
            raise ValidationError("not_money")
        if not isinstance(value["amount"], str) or not isinstance(value["currency"], str):
            raise ValidationError("money_in_strings")
        try:
            return Money.of(value["amount"], value["currency"])
        except NotExact as error:
            raise ValidationError(str(error)) from None


class _ScaledField(ExactField):
    kind: type[_Scaled]

    def accept(self, value: Any) -> Any:
        """Its number within bounds."""
        if type(value) is not self.kind or type(value.units) is not int:
            raise ValidationError("not_a_decimal_string")
        return _within_bounds(value, value.units)

    def _serialize(self, value: _Scaled | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> _Scaled:
        if not isinstance(value, str):
            raise ValidationError("not_a_decimal_string")
        try:
            return self.kind.of(value)
        except NotExact as error:
            raise ValidationError(str(error)) from None


class QuantityField(_ScaledField):
    """A decimal string with at most three decimals."""

    kind = Quantity


class HoursField(_ScaledField):
    """A decimal string with at most two decimals."""

    kind = Hours


def _within_bounds(value: Any, units: int) -> Any:
    if abs(units) > LARGEST:
        raise ValidationError(rule("too_large", value=str(value)))
    return value
