"""What a delivery must have caused in the books of billing, parts and crm, and what its reversal must have taken back.

`servicelane reconcile` asks the tables the same, without this code (`servicelane/invariants`); a journey holds the two together.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from contracts.billing.invoice import DeliveryInvoice
from contracts.crm.follow_up import DeliveryFollowUp
from contracts.gateway.suite import Effect, Fault, ReconciliationFinding
from contracts.parts.deduction import DeliveryDeduction
from contracts.shared import Payer
from contracts.workshop.handing_over import DeliveryEntry
from locales import sentence

HEALS: tuple[Fault, ...] = ("missing", "not_taken_back")
"""What is put right by the event's arrival: while it may be on its way nothing is wrong."""


@dataclass
class Effects:
    """What the books hold of one delivery; invoices and credit notes together."""

    invoices: list[DeliveryInvoice] = field(default_factory=list)
    deductions: list[DeliveryDeduction] = field(default_factory=list)
    follow_ups: list[DeliveryFollowUp] = field(default_factory=list)


@dataclass(frozen=True)
class DeliveryProof:
    """A delivery compared with its effects; what is wrong is said in `language`."""

    dealer: str
    delivery: DeliveryEntry
    effects: Effects
    language: str

    def findings(self) -> Iterator[ReconciliationFinding]:
        """What is wrong: one invoice per payer, one deduction, one follow-up are due (Rule W13), and for a reversed delivery
        that each is taken back (Rule W15)."""
        billed = Counter(one.payer for one in self.effects.invoices if one.kind == "invoice")
        for payer in self.delivery.payers:
            yield from self._once("invoice", billed.pop(payer, 0), payer=payer)
        yield from (self._finding("invoice", "unexpected", payer=payer) for payer in billed)
        yield from self._once("deduction", len(self.effects.deductions))
        yield from self._once("follow_up", len(self.effects.follow_ups))
        if self.delivery.reversed:
            yield from self._not_credited(self.effects.invoices)
            if not all(one.undone for one in self.effects.deductions):
                yield self._finding("deduction", "not_taken_back")
            if not all(one.cancelled for one in self.effects.follow_ups):
                yield self._finding("follow_up", "not_taken_back")

    def _not_credited(self, documents: Sequence[DeliveryInvoice]) -> Iterator[ReconciliationFinding]:
        credited = Counter(one.credits for one in documents if one.kind == "credit_note")
        invoices = [one for one in documents if one.kind == "invoice"]
        for one in invoices:
            yield from self._once("credit_note", credited[one.id], payer=one.payer, invoice_id=one.id)
        if all(credited[one.id] == 1 for one in invoices) and sum(one.total.minor for one in documents) != 0:
            yield self._finding("credit_note", "unequal")

    def _once(
        self, effect: Effect, times: int, *, payer: Payer | None = None, invoice_id: str | None = None
    ) -> Iterator[ReconciliationFinding]:
        if times != 1:
            yield self._finding(effect, "double" if times else "missing", payer=payer, invoice_id=invoice_id, times=times)

    def _finding(
        self, effect: Effect, fault: Fault, *, payer: Payer | None = None, invoice_id: str | None = None, times: int = 0
    ) -> ReconciliationFinding:
        order, revision = self.delivery.work_order_id, self.delivery.revision
        wrong = sentence(f"finding.{effect}.{fault}", self.language, payer=payer, invoice_id=invoice_id, times=times)
        what = sentence("finding.delivery", self.language, work_order_id=order, revision=revision, finding=wrong)
        return ReconciliationFinding(
            dealer=self.dealer,
            work_order_id=order,
            number=self.delivery.number,
            revision=revision,
            announced_at=self.delivery.announced_at,
            effect=effect,
            fault=fault,
            payer=payer,
            what=what,
        )
