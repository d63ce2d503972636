"""The tax of an amount (Rule L1): one rule, because estimate, settlement and invoice must agree to the minor unit."""

from decimal import Decimal
from typing import Annotated, NamedTuple

from marshmallow import fields, validate

from chassis.wire import Money
from chassis.wire.values import round_half_up
from contracts.shared import Share, TaxMode

WHOLE = 100_000
"""Rates are whole numbers: thousandths of a percent."""

DEFAULT_RATE = 13_000
"""13 % (default), until the dealer sets another."""

Percent = Annotated[
    str,
    fields.String(validate=validate.Regexp(r"^\d{1,2}(\.\d{1,3})?\Z", error="not_a_percentage")),
]
"""A percentage as a decimal string: "13" or "8.875"."""


class Taxed(NamedTuple):
    """An amount taken apart, in minor units: net + tax = gross."""

    net: int
    tax: int
    gross: int


def taxed(minor: int, mode: TaxMode, rate: int) -> Taxed:
    """Take a quoted amount apart: it contains the tax when the mode is inclusive, and does not when it is exclusive.

    It is done once for each payer's share of each line, as invoices print it; sums are sums of what is printed.
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


class TaxedShare(Share):
    """One payer's part of a line with its tax, as the payer's invoice prints it: net + tax = gross."""

    net: Money
    tax: Money
    gross: Money
