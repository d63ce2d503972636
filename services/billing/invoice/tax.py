"""The tax of a line (Rule L1, docs/domain.md)."""

from decimal import Decimal
from typing import NamedTuple

from chassis import round_half_up
from contracts.shared import TaxMode

WHOLE = 100_000
"""Rates are whole numbers: thousandths of a percent."""


class Taxed(NamedTuple):
    """An amount taken apart, in minor units: net + tax = gross."""

    net: int
    tax: int
    gross: int


def taxed(minor: int, mode: TaxMode, rate: int) -> Taxed:
    """Take a quoted amount apart: it contains the tax when the mode is inclusive, and does not when it is exclusive.

    Rounded half away from zero, so that what is taken back has the tax of what was billed.
    """
    if mode == "inclusive":
        tax = round_half_up(Decimal(minor * rate) / (WHOLE + rate))
        return Taxed(minor - tax, tax, minor)
    tax = round_half_up(Decimal(minor * rate) / WHOLE)
    return Taxed(minor, tax, minor + tax)


def percent(rate: int) -> str:
    """A rate as the decimal string the contracts use: 13000 -> "13"."""
    return f"{Decimal(rate).scaleb(-3).normalize():f}"


def rate_of(percentage: str) -> int:
    """The rate that such a decimal string says: "8.875" -> 8875."""
    return int(Decimal(percentage).scaleb(3))
