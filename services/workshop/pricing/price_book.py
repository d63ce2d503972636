"""What a line costs (Rules W5, L1, docs/domain.md): whole minor units, each price rounded half up once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chassis import Hours, Money, Quantity, Refused, Work
from services.workshop.pricing.coefficient import coefficient_of
from services.workshop.pricing.price_list import ListedPart, PriceList, price_list
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.projections.tax_rate import tax_rate_on


def labour_price(hours: Hours, rate: Money, coefficient: Decimal) -> Money:
    """Flat-rate hours x labour rate x model complexity coefficient, rounded half up once."""
    return rate.times(hours.decimal * coefficient)


def part_price(unit_price: Money, quantity: Quantity) -> Money:
    """List price x quantity, rounded half up once."""
    return unit_price.times(quantity.decimal)


@dataclass(frozen=True)
class PriceBook:
    """Everything that prices the lines of one order at one moment. `labour_rate` is None until the dealer has set it.

    `tax_rate` is in thousandths of a percent.
    """

    currency: str
    labour_rate: Money | None
    coefficient: Decimal
    menu_prices: Mapping[str, Money]
    parts: PriceList
    tax_rate: int

    def labour(self, operation_code: str, hours: Hours) -> Money:
        """The menu price of the operation if it has one, else the formula."""
        menu_price = self.menu_prices.get(operation_code)
        if menu_price is not None:
            return self._in_our_currency(menu_price, operation_code)
        if self.labour_rate is None:
            raise Refused("labour_rate_not_set")
        return labour_price(hours, self._in_our_currency(self.labour_rate, operation_code), self.coefficient)

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
        menu_prices=settings.menu_prices,
        coefficient=coefficient_of(work, make, model),
        parts=price_list(work, part_numbers),
        tax_rate=tax_rate_on(work, due_on),
    )
