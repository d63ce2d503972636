"""What a line costs (Rules W5, L1, docs/domain.md): whole minor units, each price rounded half up once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chassis import Hours, Money, Quantity, Refused, Work
from contracts.shared import Payer
from services.workshop.pricing.coefficient import DIGITS, coefficient_of
from services.workshop.pricing.price_list import ListedPart, PriceList, price_list
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections.tax_rate import tax_rate_on

LABOUR_DIGITS = Hours.DIGITS + DIGITS
"""Decimals of a minor unit in which labour is exact: hours have some, coefficients have some."""

LABOUR_UNITS: int = 10**LABOUR_DIGITS


def labour_price(hours: Hours, rate: Money, coefficient: Decimal) -> int:
    """Flat-rate hours x labour rate x model complexity coefficient, exact, in minor units of LABOUR_DIGITS more decimals."""
    return rate.minor * hours.units * int(coefficient.scaleb(DIGITS))


def part_price(unit_price: Money, quantity: Quantity) -> Money:
    """List price x quantity, rounded half up once."""
    return unit_price.times(quantity.decimal)


@dataclass(frozen=True)
class PriceBook:
    """Everything that prices the lines of one order at one moment. `labour_rate` is None until the dealer has set it.

    `payer_rates` are those of payers with a rate of their own. `coefficient` is None for a model that the group did not publish:
    it is priced with 1, and the estimate says so. `tax_rate` is in thousandths of a percent.
    """

    currency: str
    labour_rate: Money | None
    payer_rates: Mapping[Payer, Money]
    coefficient: Decimal | None
    menu_prices: Mapping[str, Money]
    parts: PriceList
    tax_rate: int

    def labour(self, operation_code: str, hours: Hours, payer: Payer) -> int:
        """What the whole line costs this payer, exact as `labour_price` says: nothing is rounded before the line is shared.

        By the payer's own rate if it has one, else by the operation's menu price if it has one, else by the dealer's rate.
        """
        own_rate, menu_price = self.payer_rates.get(payer), self.menu_prices.get(operation_code)
        if own_rate is None and menu_price is not None:
            return self._in_our_currency(menu_price, operation_code).minor * LABOUR_UNITS
        rate = own_rate or self.labour_rate
        if rate is None:
            raise Refused("labour_rate_not_set")
        return labour_price(hours, self._in_our_currency(rate, operation_code), self.coefficient or Decimal(1))

    def part(self, part_number: str) -> ListedPart:
        """The part to install for that number, with its list price."""
        part = self.parts.current(part_number)
        self._in_our_currency(part.list_price, part_number)
        return part

    def _in_our_currency(self, price: Money, of: str) -> Money:
        if price.currency != self.currency:
            raise Refused("price_in_another_currency", of=of, currency=price.currency)
        return price


def price_book(work: Work, *, currency: str, make: str, model: str, part_numbers: Iterable[str], due_on: date) -> PriceBook:
    """The prices of today for a car of this model, with these parts, and the tax of the day it shall be done."""
    settings = work.settings(WorkshopSettings)
    return PriceBook(
        currency=currency,
        labour_rate=settings.labour_rate,
        payer_rates=settings.rates_of_payers,
        menu_prices=settings.menu_prices,
        coefficient=coefficient_of(work, make, model),
        parts=price_list(work, part_numbers),
        tax_rate=tax_rate_on(work, due_on),
    )
