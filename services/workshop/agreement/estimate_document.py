"""The estimate (估价单) as it is kept: what was put before the customer never changes."""

from datetime import datetime

from chassis import Document, Hours, Money, Quantity
from contracts.shared import LineKind, TaxMode
from contracts.workshop.agreement import Estimate, EstimateKind, ExpectedPayment, OldParts
from contracts.workshop.promise import FoundPromise
from services.workshop.order.tax import Printed, PrintedShare


class QuotedLine(Printed):
    """A line at its frozen price."""

    line_id: str
    number: int
    kind: LineKind
    description: str
    name_zh: str | None = None
    name_en: str | None = None
    unit: str | None = None
    operation_code: str | None = None
    hours: Hours | None = None
    part_number: str | None = None
    quantity: Quantity | None = None
    unit_price: Money | None = None
    safety: bool
    shares: list[PrintedShare]


class EstimateDocument(Document, version=2, upcasters={1: dict}):
    """One version of the estimate, or of additional work (增项), with what was agreed besides its lines (Rules W6, W7).

    `found` is how the promised time was worked out then.
    """

    work_order_id: str
    estimate_version: int
    kind: EstimateKind
    currency: str
    tax_mode: TaxMode
    tax_rate: str
    coefficient: str
    model_known: bool
    lines: list[QuotedLine]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    extra_minutes: int = 0
    promised_at: datetime | None = None
    promise_reason: str | None = None
    found: FoundPromise | None = None
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    call_threshold: Money | None = None
    consents_to_other_damage: bool = False
    issued_at: datetime

    def describe(self) -> Estimate:
        """The version as it is answered."""
        return Estimate.load({**self.dump(), "document_hash": self.fingerprint})
