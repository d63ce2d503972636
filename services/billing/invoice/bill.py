"""What each payer of a delivered order is to be billed (Rule L1, docs/domain.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chassis import Money, Refused
from contracts.shared import DeliveredLine, Payer, TaxMode
from contracts.tax import taxed
from services.billing.invoice.document import DocumentLine


@dataclass
class Bill:
    """What one payer of a delivered order is to be billed: printed lines and their sums in minor units."""

    currency: str
    lines: list[DocumentLine] = field(default_factory=list)
    net: int = 0
    tax: int = 0
    gross: int = 0

    def add(self, line: DeliveredLine, amount: Money, mode: TaxMode, rate: int) -> None:
        """Print this payer's share of a line. Tax is rounded per line: the printed lines must add up."""
        net, tax, gross = taxed(amount.minor, mode, rate)
        self.net += net
        self.tax += tax
        self.gross += gross
        self.lines.append(
            DocumentLine(
                number=line.number,
                kind=line.kind,
                description=line.description,
                operation_code=line.operation_code,
                hours=line.hours,
                part_number=line.part_number,
                quantity=line.quantity,
                net=Money(net, self.currency),
                tax=Money(tax, self.currency),
                gross=Money(gross, self.currency),
            )
        )


def bills(lines: Iterable[DeliveredLine], currency: str, mode: TaxMode, rate: int) -> dict[Payer, Bill]:
    """The bill of every payer that has a share, sorted by payer; also of one whose shares come to nothing.

    Billing never re-prices (Rule L1). Raises Refused for a line whose shares are not its amount or that has another currency.
    """
    found: dict[Payer, Bill] = {}
    for line in lines:
        if any(amount.currency != currency for amount in (line.amount, *(share.amount for share in line.shares))):
            raise Refused("currency_differs", line=line.number, currency=currency)
        if sum(share.amount.minor for share in line.shares) != line.amount.minor:
            raise Refused("shares_do_not_add_up", line=line.number)
        for share in line.shares:
            found.setdefault(share.payer, Bill(currency)).add(line, share.amount, mode, rate)
    return dict(sorted(found.items()))
