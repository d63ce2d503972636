"""The settlement statement (结算单, Rule L3): what the order comes to, by kind and by payer. It is kept as it was signed."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, datetime, time
from typing import Any

from chassis import Document, Hours, Money, Quantity, SignatureDocument
from chassis.wire import Part
from contracts.shared import LineKind, Payer, TaxMode
from contracts.signing import Signature
from contracts.tax import percent
from contracts.workshop.handing_over import Obstacle, Settlement, ShownThing
from services.workshop.lane.settings import Warranties
from services.workshop.order.line import Kind, OrderLine, total
from services.workshop.order.tax import Printed, PrintedShare, Tax, printed_shares, printed_sum
from services.workshop.order.work_order import WorkOrder


class SettledLine(Printed):
    """A line as the customer accepted it."""

    line_id: str
    number: int
    kind: LineKind
    description: str
    operation_code: str | None = None
    hours: Hours | None = None
    part_number: str | None = None
    quantity: Quantity | None = None
    warranty_days: int | None = None
    warranty_km: int | None = None
    shares: list[PrintedShare]


class DeclinedWork(Part):
    """Work the customer did not want."""

    line_id: str
    kind: LineKind
    description: str
    reason: str
    safety: bool


class RecommendedWork(Part):
    """Work that the workshop recommends for later (维修建议)."""

    description: str
    reason: str
    operation_code: str | None = None
    safety: bool = False


AGREED = (
    "mileage",
    "accepted_by",
    "delivered_at",
    "next_service_on",
    "next_service_mileage",
    "preferred_follow_up_time",
    "preferred_phone",
    "things_shown",
)
"""What is agreed at the car, and so is in no preview."""


class SettlementDocument(Document, version=2, upcasters={1: dict}):
    """The statement as it is signed; what is agreed at the car is None in a preview, which is not kept.

    Before version 2 it had no recommendations.
    """

    work_order_id: str
    number: str
    revision: int
    currency: str
    tax_mode: TaxMode
    tax_rate: str
    lines: list[SettledLine]
    declined: list[DeclinedWork]
    recommendations: list[RecommendedWork] = field(default_factory=list)
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    payers: list[PrintedShare]
    mileage: int | None = None
    accepted_by: str | None = None
    delivered_at: datetime | None = None
    next_service_on: date | None = None
    next_service_mileage: int | None = None
    preferred_follow_up_time: time | None = None
    preferred_phone: str | None = None
    things_shown: list[ShownThing] | None = None

    @property
    def shown(self) -> str:
        """The fingerprint of the preview that was before the customer: all of it but what was agreed at the car."""
        nothing: dict[str, Any] = dict.fromkeys(AGREED)
        return replace(self, **nothing).fingerprint

    def describe(
        self,
        *,
        signature: SignatureDocument | None = None,
        reversed: bool = False,  # noqa: A002  # the answer calls it so
        obstacles: Sequence[Obstacle] = (),
    ) -> Settlement:
        """The statement as it is answered: final once it is signed."""
        return Settlement.load(
            {
                **self.dump(),
                "final": signature is not None,
                "reversed": reversed,
                "obstacles": [one.dump() for one in obstacles],
                "document_hash": self.fingerprint,
                "signature": signature and Signature(**signature.shown_with(self)).dump(),
            }
        )


def statement(order: WorkOrder, *, revision: int, tax_rate: int, warranties: Warranties, **agreed: Any) -> SettlementDocument:
    """The statement of what is on the car; `agreed` is what is agreed beside it (mileage, signature, next service, follow-up)."""
    lines, currency, tax = order.on_the_car, order.currency, Tax(order.tax_mode, tax_rate)
    settled = [_settled(line, currency, tax, _warranty(line, lines, warranties)) for line in lines]
    printed = printed_sum(settled, currency)
    return SettlementDocument(
        work_order_id=order.id,
        number=order.number,
        revision=revision,
        currency=currency,
        tax_mode=order.tax_mode,
        tax_rate=percent(tax_rate),
        lines=settled,
        declined=[_declined(line) for line in order.declined],
        recommendations=[RecommendedWork(**one) for one in order.recommendations],
        labour=total(lines, currency, Kind.LABOUR),
        parts=total(lines, currency, Kind.PART, Kind.CORE_CHARGE),
        sublet=total(lines, currency, Kind.SUBLET),
        total=printed["amount"],
        net=printed["net"],
        tax=printed["tax"],
        gross=printed["gross"],
        payers=_per_payer(settled, currency),
        **agreed,
    )


def preview(order: WorkOrder, tax_rate: int, warranties: Warranties, obstacles: Sequence[Obstacle] = ()) -> Settlement:
    """The settlement as it would be signed now, with what stands in the way of that."""
    stated = statement(order, revision=order.revision + 1, tax_rate=tax_rate, warranties=warranties)
    return stated.describe(obstacles=obstacles)


def _per_payer(lines: list[SettledLine], currency: str) -> list[PrintedShare]:
    """What each payer owes for all lines together, in the order they first appear."""
    shares: dict[Payer, list[PrintedShare]] = {}
    for line in lines:
        for share in line.shares:
            shares.setdefault(share.payer, []).append(share)
    return [PrintedShare(payer=payer, **printed_sum(several, currency)) for payer, several in shares.items()]


def _warranty(line: OrderLine, lines: list[OrderLine], warranties: Warranties) -> tuple[int | None, int | None]:
    """For how many days and km: labour by its class, what was fitted or done outside as the job's labour is (Rule W29)."""
    if line.kind is Kind.CORE_CHARGE:
        return None, None
    of = [line] if line.kind is Kind.LABOUR else [one for one in lines if one.job == line.job]
    days, km = max((warranties[one.repair["work_class"]] for one in of if one.repair), default=(None, None))
    return days, km


def _settled(line: OrderLine, currency: str, tax: Tax, warranty: tuple[int | None, int | None]) -> SettledLine:
    shares = printed_shares(line, currency, tax)
    return SettledLine(
        line_id=line.id,
        number=line.number,
        kind=line.kind.value,
        description=line.description,
        operation_code=line.operation_code,
        hours=line.hours,
        part_number=line.part_number,
        quantity=line.installed,
        warranty_days=warranty[0],
        warranty_km=warranty[1],
        shares=shares,
        **printed_sum(shares, currency),
    )


def _declined(line: OrderLine) -> DeclinedWork:
    assert line.declined_reason is not None
    return DeclinedWork(
        line_id=line.id, kind=line.kind.value, description=line.description, reason=line.declined_reason, safety=line.safety
    )
