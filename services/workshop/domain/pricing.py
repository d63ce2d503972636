"""What a line costs (Rules W5, L1, docs/domain.md): whole minor units, each price rounded half up once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chassis import Hours, Money, NotYetKnown, Quantity, Refused


def labour_price(hours: Hours, rate: Money, coefficient: Decimal) -> Money:
    """Flat-rate hours x labour rate x model complexity coefficient, rounded half up once."""
    return rate.times(hours.decimal * coefficient)


def part_price(unit_price: Money, quantity: Quantity) -> Money:
    """List price x quantity, rounded half up once."""
    return unit_price.times(quantity.decimal)


def apportion(minor: int, weights: Sequence[int]) -> list[int]:
    """Cut an amount into shares by weight. They add up exactly; what rounding leaves over goes to the first payer.

    The other shares are rounded down, so that no share of a positive amount is ever negative.
    """
    whole = sum(weights)
    others = [minor * weight // whole for weight in weights[1:]] if whole else [0] * (len(weights) - 1)
    return [minor - sum(others), *others]


@dataclass(frozen=True)
class ListedPart:
    """A part as the dealer's price list has it; a superseded one names its successor."""

    part_number: str
    name_zh: str
    name_en: str
    list_price: Money
    successor: str | None = None


class PriceList:
    """The parts of the price list that a use case needs, chains of successors included."""

    def __init__(self, parts: Mapping[str, ListedPart]) -> None:
        self._parts = parts

    def find(self, part_number: str) -> ListedPart | None:
        """The part of that number, superseded or not."""
        return self._parts.get(part_number)

    def current(self, part_number: str) -> ListedPart:
        """The part that is sold under that number today: the end of its chain of successors (Rule P1).

        Raises NotYetKnown while the list, which another service announces, lacks it.
        """
        part, passed = self._known(part_number), set()
        while part.successor is not None:
            passed.add(part.part_number)
            if part.successor in passed:
                raise Refused("part_supersession_loops", part_number=part_number)
            part = self._known(part.successor)
        return part

    def _known(self, part_number: str) -> ListedPart:
        part = self.find(part_number)
        if part is None:
            raise NotYetKnown.reference("part_number", part_number)
        return part


@dataclass(frozen=True)
class PriceBook:
    """Everything that prices the lines of one order at one moment. `labour_rate` is None until the dealer has set it."""

    currency: str
    labour_rate: Money | None
    coefficient: Decimal
    menu_prices: Mapping[str, Money]
    parts: PriceList

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
