"""Invoices for the gateway's search."""

from typing import Annotated

from chassis.wire import Answer, Id, Query, text
from contracts.billing.invoice import InvoiceEntry
from contracts.shared import Limit, at_most


class FoundInvoices(Answer):
    """The newest invoices and credit notes that were found."""

    items: list[InvoiceEntry]


class SearchInvoices(Query, service="billing", answer=FoundInvoices):
    """The newest invoices and credit notes of these orders, and those whose number begins with what is searched for."""

    search: Annotated[str, text(60)]
    work_order_ids: list[Id] = at_most(50)
    limit: Limit
