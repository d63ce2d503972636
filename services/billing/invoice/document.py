"""The document of an invoice or credit note, as it is stored for ever (Rules L1 and L2, docs/domain.md)."""

from collections.abc import Iterable
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

    def plus(self, credited: "DocumentLine") -> "DocumentLine":
        """What is left of the line when this much of it, with negative amounts, was credited."""
        assert self.quantity is not None
        assert credited.quantity is not None
        return replace(
            self,
            quantity=Quantity(max(self.quantity.units - credited.quantity.units, 0)),
            net=self.net + credited.net,
            tax=self.tax + credited.tax,
            gross=self.gross + credited.gross,
        )


class InvoiceDocument(Document):
    """What an invoice says, beside what it is found and summed by: that is columns of its row. `tax_rate` is in percent."""

    work_order_number: str
    customer_id: str
    customer_name: str
    buyer: Party
    claim_number: str | None = None
    plate: str
    vin: str
    mileage: int
    tax_mode: TaxMode
    tax_rate: str
    lines: list[DocumentLine]

    def less(self, credited: Iterable[DocumentLine]) -> list[DocumentLine]:
        """Its lines, less what was credited of them; without those of which nothing is left."""
        left = {line.number: line for line in self.lines}
        for line in credited:
            left[line.number] = left[line.number].plus(line)
        return [line for line in left.values() if line.gross.minor or line == self.line(line.number)]

    def line(self, number: int) -> DocumentLine:
        """The line with that number."""
        return next(line for line in self.lines if line.number == number)
