"""A dealer of the group: what every service needs to know of it."""

from functools import cache
from importlib.resources import files
from typing import Self, cast

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerIdType, GroupAggregate, Invalid, minor_digits
from contracts.gateway import dealer as contract
from contracts.gateway.events import DealerRecorded
from contracts.shared import TaxMode
from gateway.model import Base


class Dealer(GroupAggregate, Base):
    """A dealer's registration. Calendar rules use its time zone, prices its currency, documents its locale and tax mode."""

    __tablename__ = "dealer"

    id: Mapped[str] = mapped_column(DealerIdType, primary_key=True, sort_order=-10)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(10))
    tax_mode: Mapped[str] = mapped_column(String(10))

    @classmethod
    def registered(cls, facts: contract.RegisterDealer) -> Self:
        """A new dealer. Raises Invalid for a currency or a time zone nobody knows."""
        try:
            minor_digits(facts.currency)
        except ValueError:
            raise Invalid.field("currency", "not_a_currency") from None
        dealer = cls(id=facts.dealer, currency=facts.currency)
        dealer.record(facts)
        return dealer

    def record(self, facts: contract.DealerFacts) -> None:
        """Enter or replace what may change. Raises Invalid for a time zone nobody knows."""
        if facts.time_zone not in _time_zones():
            raise Invalid.field("time_zone", "not_a_time_zone")
        self.name, self.time_zone, self.locale, self.tax_mode = facts.name, facts.time_zone, facts.locale, facts.tax_mode
        self.announce(
            DealerRecorded(
                dealer=self.id,
                name=facts.name,
                time_zone=facts.time_zone,
                currency=self.currency,
                locale=facts.locale,
                tax_mode=facts.tax_mode,
            )
        )

    @property
    def concerns(self) -> str:
        """The dealer itself: the registry is the group's, its facts are the dealer's."""
        return self.id

    def describe(self) -> contract.Dealer:
        """The registration as it is answered."""
        return contract.Dealer(
            id=self.id,
            version=self.version,
            name=self.name,
            time_zone=self.time_zone,
            currency=self.currency,
            locale=self.locale,
            tax_mode=cast(TaxMode, self.tax_mode),
        )


@cache
def _time_zones() -> frozenset[str]:
    # The names of the tz database, not what the host's own folder holds besides (`localtime` is another zone on every host).
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - {"Factory"}
