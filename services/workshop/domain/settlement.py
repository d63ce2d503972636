"""The settlement statement (结算单, Rule L3): what the approved lines come to, by kind and by payer."""

from collections.abc import Sequence
from typing import Any

from chassis import Money
from contracts.shared import DeclinedLine, DeliveredLine, Share
from contracts.workshop.agreement import QuotedLine
from contracts.workshop.handing_over import Settlement
from services.workshop.domain.record import OrderRecord


def per_payer(lines: Sequence[DeliveredLine], currency: str) -> list[Share]:
    """What each payer owes for all lines together, in the order they first appear."""
    sums: dict[str, Money] = {}
    for line in lines:
        for share in line.shares:
            sums[share.payer] = sums.get(share.payer, Money.zero(currency)) + share.amount
    return [Share(payer=payer, amount=amount) for payer, amount in sums.items()]  # type: ignore[arg-type]  # keys are payers


def of_kind(lines: Sequence[DeliveredLine] | Sequence[QuotedLine], kind: str, currency: str) -> Money:
    """What the lines of one kind come to."""
    return Money.total((line.amount for line in lines if line.kind == kind), currency)


def statement(
    order: OrderRecord,
    lines: list[DeliveredLine],
    declined: list[DeclinedLine],
    *,
    revision: int,
    final: bool,
    **handing_over: Any,
) -> Settlement:
    """The statement of these lines; `handing_over` is what is agreed at the car (mileage, signature, next service, follow-up)."""
    currency = order.currency
    return Settlement(
        work_order_id=order.id,
        number=order.number,
        revision=revision,
        final=final,
        currency=currency,
        tax_mode=order.tax_mode,
        lines=lines,
        declined=declined,
        labour=of_kind(lines, "labour", currency),
        parts=of_kind(lines, "part", currency),
        sublet=of_kind(lines, "sublet", currency),
        total=Money.total((line.amount for line in lines), currency),
        payers=per_payer(lines, currency),
        **handing_over,
    )


def preview(order: OrderRecord) -> Settlement:
    """The settlement as it would be signed now."""
    return statement(order, order.delivered_lines(), order.declined_lines(), revision=order.revision + 1, final=False)
