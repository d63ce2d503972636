"""Amounts that payers agreed to are held against the price where they are typed, not only at the estimate (Rule W4)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chassis import Invalid, Refused, Work
from services.workshop.order.costing import cost_of
from services.workshop.order.line import OrderLine
from services.workshop.order.share import fixed
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.price_book import PriceBook, price_book


def prices_for(work: Work, order: WorkOrder, lines: Iterable[OrderLine], due: datetime | None = None) -> PriceBook:
    """What prices the order's undecided lines today, with the tax of the day it is due."""
    vehicle = order.vehicle_facts
    return price_book(
        work,
        currency=order.currency,
        make=vehicle.make,
        model=vehicle.model,
        part_numbers={line.part_number for line in lines if line.part_number is not None and line.undecided},
        due_on=work.profile.local(due or order.promised_at or work.now).date(),
    )


def require_amounts_make_the_price(work: Work, order: WorkOrder, typed: Mapping[str, OrderLine]) -> None:
    """Of each line, by the field of its amounts. Raises Invalid naming that; what has no price yet is left to the estimate."""
    agreed = {field: line for field, line in typed.items() if fixed(line.payers)}
    if not agreed:
        return
    prices = prices_for(work, order, agreed.values())
    for field, line in agreed.items():
        try:
            price = cost_of(line, prices).amount
        except Refused:
            continue  # it has none today; what it lacks, the estimate says of every line
        if sum(share["minor"] for share in line.payers) != price.minor:
            raise Invalid.field(field, "must_make_the_price", price=price.plain())
