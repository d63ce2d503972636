"""Who owes the dealer, and whose money the dealer holds: lists with customer, plate and order number."""

from dataclasses import field
from datetime import datetime

from chassis.wire import Answer, Id, Money, Query
from contracts.billing.account import AccountShare, AccountStanding, AccountWant, CreditBalance, SettlementState
from contracts.billing.naming import NamedOrder
from contracts.shared import Listing, Page, Payer


class AccountOf(NamedOrder):
    """Whose account it is: an order's or, before one is opened, an appointment's."""

    work_order_id: Id | None = None
    appointment_id: Id | None = None
    customer_id: Id | None = None


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


class OpenAccount(AccountOf, AccountStanding):
    """An account that wants something of the cashier, with what each payer owes of the newest billed delivery.

    `total`, `paid`, `on_account` and `open` are those of its `shares` together.
    """

    revision: int
    total: Money
    paid: Money
    on_account: Money
    open: Money
    shares: list[AccountShare]
    deposit: Money
    credits: list[CreditBalance]


class OpenAccounts(Answer, Page):
    """A page of open accounts, in the order of who waits."""

    items: list[OpenAccount]


class ListOpenAccounts(Query, Listing, service="billing", answer=OpenAccounts):
    """The cashier's queue.

    Accounts that want something: a gate pass of who has paid, a payment, an authorisation, the delivery of a car that is ready,
    the exit of one that has its pass, and money to be given back - in this order, each with who has waited longest first.
    `wants` may be given several times.
    """

    wants: list[AccountWant] = field(default_factory=list)


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
