"""What was invoiced on a day: billing's part of the daily report 维修日报 (Rule W22)."""

from datetime import date
from typing import Annotated

from chassis.wire import Answer, Money, Part, Query, whole
from contracts.shared import Payer


class PayerRevenue(Part):
    """What was invoiced to one kind of payer, less what was credited."""

    payer: Payer
    invoices: Annotated[int, whole(0)]
    credit_notes: Annotated[int, whole(0)]
    net: Money
    tax: Money
    total: Money


class RevenueDay(Answer):
    """A day's revenue by payer, and in all: invoices that were issued on it, less credit notes."""

    day: date
    payers: list[PayerRevenue]
    net: Money
    tax: Money
    total: Money


class GetRevenueDay(Query, service="billing", answer=RevenueDay):
    """What was invoiced on a day; for the gateway's daily report."""

    day: date | None = None
