"""Billing a delivered order (Rules L1 and L2, docs/domain.md).

It runs in one transaction with many others: what a dealer's orders have in common is read once, each order is looked up by its
account, which stands in the same transaction as its invoices, and the rows are written at the end.
"""

from chassis import Prefetch, Refused, Work
from contracts.shared import Payer
from contracts.tax import rate_of
from contracts.workshop.events import WorkOrderDelivered
from services.billing.account.access import account_of_order, prefetch_accounts
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import PaymentContext
from services.billing.account.share import CUSTOMER
from services.billing.account.standing import note_delivery
from services.billing.invoice.bill import bills
from services.billing.invoice.buyer import buyer
from services.billing.invoice.invoice import Invoice, invoice_id
from services.billing.invoice.number_series import INVOICE, NumberSeries, issue_of, lock_series
from services.billing.party.settings import BillingSettings


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """Settings, series and accounts of a batch; the locks in their one order."""
    batch.rows(BillingSettings, [(dealer, BillingSettings.identity(dealer)) for dealer in batch.dealers])
    years = ((dealer, profile.local(batch.now).year) for dealer, profile in batch.profiles.items())
    batch.rows(NumberSeries, [(dealer, INVOICE, year) for dealer, year in years], lock=True)
    prefetch_accounts(batch, [(dealer, event.work_order_id) for dealer, event in batch.received])


def issue_invoices(work: Work, event: WorkOrderDelivered) -> None:
    """Issue one invoice per payer that has any share, also if its shares come to nothing; an order without lines gets none.

    A revision that is billed already stays as it is. Raises Refused for an event that contradicts itself: it will not get better.
    """
    billed = bills(event.lines, event.currency, event.tax_mode, rate_of(event.tax_rate))
    context = PaymentContext.of(work)
    series = lock_series(work, INVOICE, context.on.year)
    account = _account(work, event)
    if account.shares_of(event.revision):
        return
    visit_id = work.cause.correlationid if work.cause else None
    account.identify(event.customer, event.vehicle, number=event.number, visit_id=visit_id)
    owed: dict[Payer, tuple[str | None, int]] = {}
    for payer, bill in billed.items():
        made_out_to = buyer(work, event, payer)
        issue = issue_of(work, series, invoice_id(event.work_order_id, payer, event.revision))
        invoice = Invoice.issue(event, payer, bill, issue, made_out_to, visit_id=visit_id)
        work.add(invoice)
        owed[payer] = invoice.id, invoice.total_minor
    note_delivery(account, event.delivered_at, sequence=0 if work.cause is None else work.cause.sequence)
    account.bill(event.revision, owed or {CUSTOMER: (None, 0)}, context)


def _account(work: Work, event: WorkOrderDelivered) -> OrderAccount:
    account = account_of_order(work, event.work_order_id, event.currency)
    if account.currency != event.currency:
        raise Refused("currency_differs", currency=account.currency)
    return account
