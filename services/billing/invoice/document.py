"""The document of an invoice or credit note, as it is stored for ever (Rules L1 and L2, docs/domain.md)."""

from dataclasses import replace

from chassis import Document, Hours, Money, Quantity
from chassis.wire import Part
from contracts.shared import LineKind, Party, TaxMode


class DocumentLine(Part):
    """One payer's share of a delivered line, as it is printed: net + tax = gross."""

    number: int
    kind: LineKind
    description: str
    operation_code: str | None = None
    hours: Hours | None = None
    part_number: str | None = None
    quantity: Quantity | None = None
    net: Money
    tax: Money
    gross: Money

    def negative(self) -> "DocumentLine":
        """The same line, taken back."""
        return replace(self, net=-self.net, tax=-self.tax, gross=-self.gross)


class InvoiceDocument(Document):
    """What an invoice says, beside what it is found and summed by: that is columns of its row. `tax_rate` is in percent."""

    work_order_number: str
    customer_id: str
    customer_name: str
    buyer: Party
    plate: str
    vin: str
    mileage: int
    tax_mode: TaxMode
    tax_rate: str
    lines: list[DocumentLine]

    def negative(self) -> "InvoiceDocument":
        """What the credit note says that takes the invoice back in full: the same, every amount negative."""
        return replace(self, lines=[line.negative() for line in self.lines])
