"""What billing can be asked."""

from datetime import date
from typing import Annotated

from chassis.wire import Id, Query, text, whole
from contracts.billing import answers
from contracts.shared import Payer, at_most

Limit = Annotated[int, whole(1, 200)]
Cursor = Annotated[str | None, text(500)]


class GetInvoice(Query, service="billing", answer=answers.Invoice):
    """One invoice or credit note."""

    invoice_id: Id


class ListInvoices(Query, service="billing", answer=answers.Invoices):
    """Invoices and credit notes of an order, of a payer, of a local day of issue; all criteria hold."""

    work_order_id: Id | None = None
    payer: Payer | None = None
    day: date | None = None
    cursor: Cursor = None
    limit: Limit = 50


class FindDeliveryInvoices(Query, service="billing", answer=answers.DeliveryInvoices):
    """The invoices and credit notes of some work orders, as short as can be; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)


class GetOrderAccount(Query, service="billing", answer=answers.OrderAccount):
    """Who owes what for a work order."""

    work_order_id: Id


class ListPayments(Query, service="billing", answer=answers.Payments):
    """Payments, deposits and refunds of an order, of a local day; all criteria hold."""

    work_order_id: Id | None = None
    day: date | None = None
    cursor: Cursor = None
    limit: Limit = 50


class GetGatePass(Query, service="billing", answer=answers.GatePass):
    """The gate pass of the order's newest billed delivery."""

    work_order_id: Id


class ListTaxRates(Query, service="billing", answer=answers.TaxRates):
    """The dealer's tax rates."""


class ListBillingTasks(Query, service="billing", answer=answers.BillingTasks):
    """Tasks that are open, or all of them."""

    completed: bool = False
    cursor: Cursor = None
    limit: Limit = 50
