"""The dealer registry (Rule G0): who belongs to the group, and what every service needs to know of a dealer."""

from functools import cache
from typing import cast
from zoneinfo import available_timezones

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerIdType, GroupAggregate, Invalid, Refused, Work, minor_digits
from contracts.gateway import dealer as dealer_contract
from contracts.gateway.dealer import ChangeDealer, Locale, RegisterDealer
from contracts.gateway.events import DealerRecorded
from contracts.shared import TaxMode
from gateway.domain.model import Base


class Dealer(GroupAggregate, Base):
    """A dealer's registration. Calendar rules use its time zone, prices its currency, documents its locale and tax mode."""

    __tablename__ = "dealer"

    id: Mapped[str] = mapped_column(DealerIdType, primary_key=True, sort_order=-10)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(2))
    tax_mode: Mapped[str] = mapped_column(String(10))

    def record(self, *, name: str, time_zone: str, locale: Locale, tax_mode: TaxMode) -> None:
        """Enter or replace what may change. Raises Invalid for a time zone nobody knows."""
        if time_zone not in _time_zones():
            raise Invalid.fields({"time_zone": ["Not an IANA time zone."]})
        self.name, self.time_zone, self.locale, self.tax_mode = name, time_zone, locale, tax_mode
        self.announce(
            DealerRecorded(
                dealer=self.id, name=name, time_zone=time_zone, currency=self.currency, locale=locale, tax_mode=tax_mode
            )
        )

    @property
    def concerns(self) -> str:
        """The dealer itself: the registry is the group's, its facts are the dealer's."""
        return self.id

    def describe(self) -> dealer_contract.Dealer:
        """The registration as it is answered."""
        return dealer_contract.Dealer(
            id=self.id,
            version=self.version,
            name=self.name,
            time_zone=self.time_zone,
            currency=self.currency,
            locale=cast(Locale, self.locale),
            tax_mode=cast(TaxMode, self.tax_mode),
        )


def register(work: Work, command: RegisterDealer) -> Dealer:
    """Take a dealer into the group; every service learns of it from DealerRecorded. Refused when the code is taken."""
    taken = Refused("dealer_registered", dealer=command.dealer)
    if work.find(Dealer, command.dealer) is not None:
        raise taken
    _check_currency(command.currency)
    dealer = Dealer(id=command.dealer, currency=command.currency)
    dealer.record(name=command.name, time_zone=command.time_zone, locale=command.locale, tax_mode=command.tax_mode)
    work.add(dealer)
    work.flush(otherwise=taken)
    return dealer


def change(work: Work, command: ChangeDealer) -> Dealer:
    """Replace what may change of a registration; every service learns of it from DealerRecorded."""
    dealer = work.edit(Dealer, command.dealer)
    dealer.record(name=command.name, time_zone=command.time_zone, locale=command.locale, tax_mode=command.tax_mode)
    return dealer


def _check_currency(currency: str) -> None:
    try:
        minor_digits(currency)
    except ValueError:
        raise Invalid.fields({"currency": ["Not an ISO 4217 currency."]}) from None


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
