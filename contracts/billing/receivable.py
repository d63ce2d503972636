"""Who owes the dealer, and whose money the dealer holds: lists with customer, plate and order number."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Id, Money, Part, Query, text
from contracts.billing.account import CreditBalance, SettlementState
from contracts.shared import Listing, Page, Payer


class AccountOf(Part):
    """Whose account it is: an order's or, before one is opened, an appointment's."""

    work_order_id: Id | None = None
    work_order_number: Annotated[str | None, text(20)] = None
    appointment_id: Id | None = None
    customer_id: Id | None = None
    customer_name: str | None = None
    plate: str | None = None


class Receivable(AccountOf):
    """A share of a billed delivery that is not paid in full: what is on account, what is open, and who stands for it."""

    revision: int
    payer: Payer
    invoice_id: Id | None = None
    total: Money
    paid: Money
    on_account: Money
    open: Money
    state: SettlementState
    reference: str | None = None
    authorised_at: datetime | None = None


class Receivables(Answer, Page):
    """A page of receivables, the newest orders first."""

    items: list[Receivable]


class HeldDeposit(AccountOf):
    """Deposits that pay nothing yet; `void` if order or appointment came to nothing, so that they are to be given back."""

    amount: Money
    void: bool


class HeldDeposits(Answer, Page):
    """A page of unused deposits, the newest orders and appointments first."""

    items: list[HeldDeposit]


class CustomerCredit(AccountOf):
    """Money of reversed deliveries, or paid too much, that was neither used nor given back."""

    amount: Money
    credits: list[CreditBalance]


class CustomerCredits(Answer, Page):
    """A page of customer credit, the newest orders first."""

    items: list[CustomerCredit]


class ListReceivables(Query, Listing, service="billing", answer=Receivables):
    """Who owes the dealer.

    Unpaid shares of billed deliveries; of a customer, of a payer; all criteria hold.
    """

    customer_id: Id | None = None
    payer: Payer | None = None


class ListDeposits(Query, Listing, service="billing", answer=HeldDeposits):
    """Deposits that are not used.

    All of them, or only those on orders and appointments that came to nothing, or only the others.
    """

    void: bool | None = None


class ListCustomerCredits(Query, Listing, service="billing", answer=CustomerCredits):
    """Customer credit.

    Money of reversed deliveries that is to be used or given back; of a customer, or all of it.
    """

    customer_id: Id | None = None
