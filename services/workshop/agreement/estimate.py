"""Estimates (估价单), versioned and never changed: lines at prices that are frozen from then on (Rules W6, W8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, Refused, Work, belongs_to, derived_id, stored
from contracts.tax import percent
from contracts.workshop.agreement import EstimateKind, ExpectedPayment, OldParts
from contracts.workshop.events import AdditionalWorkProposed, EstimateIssued
from contracts.workshop.promise import FoundPromise
from services.workshop.agreement.estimate_document import EstimateDocument, QuotedLine
from services.workshop.model import Base, never_changed
from services.workshop.order.core_charge import core_charge_of
from services.workshop.order.line import Kind, OrderLine, total
from services.workshop.order.status import Transition
from services.workshop.order.tax import Tax, printed_shares, printed_sum
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.price_book import PriceBook


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is agreed with an estimate besides its lines (Rules W6, W7)."""

    promised_at: datetime | None = None
    promise_reason: str | None = None
    found: FoundPromise | None = None
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    consents_to_other_damage: bool = False
    call_threshold: Money | None = None
    extra_minutes: int = 0


@never_changed
class Estimate(Entity, Base):
    """One version as it was put before the customer; `document` is the whole of it."""

    __tablename__ = "estimate"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "work_order_id", "estimate_version"),
    )

    work_order_id: Mapped[str] = mapped_column(IdType)
    estimate_version: Mapped[int]
    kind: Mapped[EstimateKind] = mapped_column(String(20))
    document: Mapped[EstimateDocument] = mapped_column(stored(EstimateDocument))

    @classmethod
    def issued(cls, document: EstimateDocument) -> "Estimate":
        """The version with this content."""
        return cls(
            id=cls.identity(document.work_order_id, document.estimate_version),
            work_order_id=document.work_order_id,
            estimate_version=document.estimate_version,
            kind=document.kind,
            document=document,
        )

    @staticmethod
    def identity(work_order_id: str, version: int) -> str:
        """The id of that version of the order's estimate."""
        return derived_id("estimate", work_order_id, version)


def estimates_of(work: Work, work_order_id: str) -> list[EstimateDocument]:
    """Every version that was put before the order's customer, oldest first."""
    found = select(Estimate).where(Estimate.work_order_id == work_order_id).order_by(Estimate.estimate_version)
    return [one.document for one in work.all(found)]


def issue_estimate(order: WorkOrder, prices: PriceBook, terms: Terms, at: datetime) -> Estimate:
    """Put every undecided line before the customer, at prices that are frozen from here on."""
    order.require(Transition.ISSUE_ESTIMATE)
    order.promised_at = terms.promised_at
    document = _quote(order, [line for line in order.lines if line.undecided], prices, kind="estimate", terms=terms, at=at)
    order.announce(
        EstimateIssued(
            work_order_id=order.id,
            estimate_version=document.estimate_version,
            labour=document.labour,
            parts=document.parts,
            sublet=document.sublet,
            total=document.total,
            promised_at=order.promised_at,
        )
    )
    return Estimate.issued(document)


def propose_additional_work(
    order: WorkOrder, lines: Sequence[OrderLine], prices: PriceBook, terms: Terms, at: datetime
) -> Estimate:
    """Put newly found work before the customer; until they approve it nothing of it may be done."""
    order.require(Transition.PROPOSE)
    order.append(lines)
    document = _quote(order, lines, prices, kind="additional_work", terms=terms, at=at)
    order.announce(
        AdditionalWorkProposed(
            work_order_id=order.id,
            lines=[line.line_id for line in document.lines],
            amount=document.total,
            extra_minutes=document.extra_minutes,
        )
    )
    return Estimate.issued(document)


def _quote(
    order: WorkOrder, lines: Sequence[OrderLine], prices: PriceBook, *, kind: EstimateKind, terms: Terms, at: datetime
) -> EstimateDocument:
    if not lines:
        raise Refused("nothing_to_quote")
    order.see_answer()
    order.estimate_version += 1
    lines = _quoted_with_core_charges(order, lines, prices)
    tax = Tax(order.tax_mode, prices.tax_rate)
    quoted = [_quoted(line, order.currency, tax) for line in lines]
    printed = printed_sum(quoted, order.currency)
    return EstimateDocument(
        work_order_id=order.id,
        estimate_version=order.estimate_version,
        kind=kind,
        currency=order.currency,
        tax_mode=order.tax_mode,
        tax_rate=percent(prices.tax_rate),
        coefficient=f"{(prices.coefficient or Decimal(1)).normalize():f}",
        model_known=prices.coefficient is not None,
        lines=quoted,
        labour=total(lines, order.currency, Kind.LABOUR),
        parts=total(lines, order.currency, Kind.PART, Kind.CORE_CHARGE),
        sublet=total(lines, order.currency, Kind.SUBLET),
        total=printed["amount"],
        net=printed["net"],
        tax=printed["tax"],
        gross=printed["gross"],
        extra_minutes=terms.extra_minutes,
        promised_at=order.promised_at,
        promise_reason=terms.promise_reason,
        found=terms.found,
        payment_method=terms.payment_method,
        old_parts=terms.old_parts,
        free_wash=terms.free_wash,
        call_threshold=terms.call_threshold,
        consents_to_other_damage=terms.consents_to_other_damage,
        issued_at=at,
    )


def _quoted_with_core_charges(order: WorkOrder, lines: Sequence[OrderLine], prices: PriceBook) -> list[OrderLine]:
    lines = [line for line in lines if line.kind is not Kind.CORE_CHARGE]
    known = {one.core_of: one for one in order.lines}
    cores, new = [], []
    for line in lines:
        line.quote(prices, order.estimate_version)
        core, charged = known.get(line.id), line.kind is Kind.PART and prices.part(line.part_number or "").core_charge is not None
        if charged and core is None:
            new.append(core_charge_of(line))
        elif charged and core is not None:
            core.part_number = line.part_number
            cores.append(core)
        elif core is not None:
            order.lines.remove(core)
    if new:
        order.append(new)
    for core in (*cores, *new):
        core.quote(prices, order.estimate_version)
    return [*lines, *cores, *new]


def _quoted(line: OrderLine, currency: str, tax: Tax) -> QuotedLine:
    shares = printed_shares(line, currency, tax)
    return QuotedLine(
        line_id=line.id,
        number=line.number,
        kind=line.kind.value,
        description=line.description,
        name_zh=line.name_zh,
        name_en=line.name_en,
        unit=line.unit,
        operation_code=line.operation_code,
        hours=line.hours,
        part_number=line.part_number,
        quantity=line.quantity,
        unit_price=None if line.unit_price_minor is None else Money(line.unit_price_minor, currency),
        safety=line.safety,
        shares=shares,
        **printed_sum(shares, currency),
    )
