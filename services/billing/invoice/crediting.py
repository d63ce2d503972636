"""Crediting core charges (旧件押金) when old parts come back after the delivery (Rules P1 and L1, docs/domain.md).

Billing re-prices nothing: workshop says what each payer was charged before and after. The tax of both is what the settlement and
the next receipt have, so however many receipts there are, what is billed less what is credited is the line as it stands.
"""

from dataclasses import replace

from sqlalchemy import select

from chassis import Money, NotFound, NotYet, Work, derived_id
from contracts.tax import rate_of, taxed
from contracts.workshop.core_charge import CoreCredit
from contracts.workshop.events import OldPartReceived
from services.billing.account.order_account import OrderAccount
from services.billing.invoice.document import DocumentLine
from services.billing.invoice.invoice import Invoice, core_credit_id
from services.billing.invoice.number_series import CREDIT_NOTE, issue_of, lock_series


def credit_core_charge(work: Work, event: OldPartReceived) -> None:
    """Issue a credit note to every payer who is charged less now; once for each receipt. Raises NotYet until it is billed.

    A delivery that was reversed is credited in full already: the next one bills less.
    """
    today = work.profile.local(work.now).date()
    series = lock_series(work, CREDIT_NOTE, today.year)
    account = edit_billed(work, event.work_order_id, event.revision)
    receipt = derived_id(event.line_id, event.returned.units)
    for credit in event.credits:
        for share in account.unreversed_shares_of(event.revision):
            if share.payer != credit.payer or share.invoice_id is None:
                continue
            if work.find(Invoice, core_credit_id(share.invoice_id, receipt)) is not None:
                continue
            invoice = work.get(Invoice, share.invoice_id)
            line = _taken_back(invoice, event, credit)
            if line.gross.minor:
                note = invoice.credit_core(issue_of(work, series, core_credit_id(invoice.id, receipt)), line, receipt)
                work.add(note)
                share.lower(-note.total_minor)
    account.recount()


def core_credits(work: Work, invoice: Invoice) -> list[Invoice]:
    """The credit notes of the invoice's core charges."""
    return list(work.all(select(Invoice).where(Invoice.credits == invoice.id, Invoice.kind == "core_credit")))


def edit_billed(work: Work, work_order_id: str, revision: int) -> OrderAccount:
    """The account of a delivery that is billed, to change. Raises NotYet before."""
    not_yet = NotYet(f"revision {revision} of work order {work_order_id} is not billed yet", waits_for=work_order_id)
    try:
        account = work.edit(OrderAccount, work_order_id)
    except NotFound:
        raise not_yet from None
    if not account.shares_of(revision):
        raise not_yet
    return account


def _taken_back(invoice: Invoice, event: OldPartReceived, credit: CoreCredit) -> DocumentLine:
    document = invoice.document
    rate = rate_of(document.tax_rate)
    before, after = (taxed(money.minor, document.tax_mode, rate) for money in (credit.before, credit.after))
    net, tax, gross = (Money(old - new, invoice.currency) for old, new in zip(before, after, strict=True))
    return replace(document.line(event.line_number), quantity=event.quantity, net=net, tax=tax, gross=gross)
