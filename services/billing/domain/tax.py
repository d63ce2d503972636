"""The tax of a line and the dealer's tax rates (Rule L1, docs/domain.md)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, Refused, Work, derived_id, round_half_up
from contracts.billing import invoice
from contracts.billing.invoice import SetTaxRate
from contracts.shared import TaxMode
from services.billing.domain.model import Base, locked

WHOLE = 100_000
"""Rates are stored in thousandths of a percent."""

DEFAULT_RATE = 13_000


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


class TaxRate(Entity, Base):
    """A setting: deliveries from a local day on are taxed at this rate."""

    __tablename__ = "tax_rate"
    __table_args__ = (UniqueConstraint("dealer_id", "effective_on", name="tax_rate_effective_on_key"),)

    effective_on: Mapped[date]
    rate: Mapped[int] = mapped_column()

    def describe(self) -> invoice.TaxRate:
        """The rate in percent."""
        return invoice.TaxRate(effective_on=self.effective_on, rate=percent(self.rate))


def rates(work: Work) -> Sequence[TaxRate]:
    """The dealer's rates, the latest first."""
    return latest_first(work.all(select(TaxRate)))


def latest_first(known: Iterable[TaxRate]) -> Sequence[TaxRate]:
    """A dealer's rates in the order in which `rate_on` wants them."""
    return sorted(known, key=lambda one: one.effective_on, reverse=True)


def rate_on(day: date, known: Sequence[TaxRate]) -> int:
    """The rate of deliveries of a local day; `known` has the latest first."""
    return next((one.rate for one in known if one.effective_on <= day), DEFAULT_RATE)


def set_rate(work: Work, command: SetTaxRate) -> invoice.TaxRate:
    """Set the rate from a day on. Refused for a day that is over: its deliveries are billed already."""
    if command.effective_on < work.profile.local(work.now).date():
        raise Refused("tax_rate_in_the_past", effective_on=command.effective_on.isoformat())
    rate = int(Decimal(command.rate).scaleb(3))
    row = locked(
        work, TaxRate, {"id": derived_id("tax_rate", command.effective_on)}, effective_on=command.effective_on, rate=rate
    )
    row.rate = rate
    return row.describe()
