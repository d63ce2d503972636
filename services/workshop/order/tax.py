"""Lines with their tax, as estimate and settlement print them and the invoices will (Rules L1, L3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis import Money
from chassis.wire import Part
from contracts.shared import Payer, TaxMode
from contracts.tax import taxed
from services.workshop.order.line import OrderLine


@dataclass(frozen=True)
class Tax:
    """How what an order comes to is taxed; the rate, in thousandths of a percent, is that of a day."""

    mode: TaxMode
    rate: int


class Printed(Part):
    """An amount as the dealer quotes it, and taken apart: net + tax = gross."""

    amount: Money
    net: Money
    tax: Money
    gross: Money


class PrintedShare(Printed):
    """One payer's part of a line, or of all of them."""

    payer: Payer


def printed_shares(line: OrderLine, currency: str, tax: Tax) -> list[PrintedShare]:
    """The shares of a line, each taxed by itself."""
    return [_printed(payer, amount, tax) for payer, amount in line.split(currency)]


def paid_by(payer: Payer, line: OrderLine, tax: Tax) -> int:
    """What this payer pays of a line, with tax, in minor units."""
    return sum(taxed(share["minor"], tax.mode, tax.rate).gross for share in line.shares if share["payer"] == payer)


def printed_sum(shares: Iterable[Printed], currency: str) -> dict[str, Money]:
    """The sum of what is printed. Tax is never worked out from a sum: it would differ from the invoices'."""
    several = list(shares)
    return {
        name: Money.total((getattr(share, name) for share in several), currency) for name in ("amount", "net", "tax", "gross")
    }


def _printed(payer: Payer, amount: Money, tax: Tax) -> PrintedShare:
    net, tax_minor, gross = (Money(minor, amount.currency) for minor in taxed(amount.minor, tax.mode, tax.rate))
    return PrintedShare(payer=payer, amount=amount, net=net, tax=tax_minor, gross=gross)
