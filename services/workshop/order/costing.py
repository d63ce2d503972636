"""What a line costs at the prices of a moment, and who pays it by what (Rules W4, W5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis import Money, Refused
from contracts.shared import MOST_OF_A_LINE
from services.workshop.order.share import AgreedShare, at_prices_of, fixed
from services.workshop.pricing.price_book import LABOUR_DIGITS, PriceBook, part_price

if TYPE_CHECKING:
    from services.workshop.order.line import OrderLine


@dataclass(frozen=True)
class Cost:
    """The price of a line and its payers; of a part, the number that is installed for it and what one costs."""

    amount: Money
    payers: Sequence[AgreedShare]
    part_number: str | None = None
    unit_price_minor: int | None = None


def cost_of(line: "OrderLine", prices: PriceBook) -> Cost:
    """Raises Refused for a price that is not there, amounts of payers who pay different prices, and more than any line."""
    cost = _cost_of(line, prices)
    if cost.amount.minor > MOST_OF_A_LINE:
        raise Refused("line_too_dear", line=line.number, most=Money(MOST_OF_A_LINE, prices.currency).plain())
    return cost


def _cost_of(line: "OrderLine", prices: PriceBook) -> Cost:
    if line.kind == "labour":
        assert line.operation_code is not None
        assert line.hours is not None
        exact = [prices.labour(line.operation_code, line.hours, share["payer"]) for share in line.payers]
        if fixed(line.payers) and len(set(exact)) > 1:
            raise Refused("payers_have_different_rates", line=line.number)
        return Cost(*at_prices_of(exact, LABOUR_DIGITS, line.payers, prices.currency))
    if line.kind == "sublet":
        assert line.agreed_price_minor is not None
        return Cost(Money(line.agreed_price_minor, prices.currency), line.payers)
    assert line.part_number is not None
    assert line.quantity is not None
    part = prices.part(line.part_number)
    unit_price = part.list_price if line.kind == "part" else part.core_charge
    assert unit_price is not None, "a core charge is quoted for a part that has one"
    return Cost(part_price(unit_price, line.quantity), line.payers, part.part_number, unit_price.minor)
