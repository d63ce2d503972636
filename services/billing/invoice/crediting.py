"""Crediting what was billed, when the delivery is reversed (Rule W15, docs/domain.md)."""

from chassis import NotFound, NotYet, Work
from contracts.workshop.events import DeliveryReversed
from services.billing.account.order_account import OrderAccount
from services.billing.gate_pass.gate_pass import GatePass, pass_id
from services.billing.invoice.invoice import Invoice
from services.billing.invoice.number_series import CREDIT_NOTE, lock_series
from services.billing.task.billing_task import BillingTask


def credit_invoices(work: Work, event: DeliveryReversed) -> None:
    """Credit every invoice of the revision in full; what was paid becomes credit, an unused gate pass is revoked.

    The car may have left while the reversal was on its way (workshop refuses it only once it knows of that): the delivery is
    credited all the same, because workshop will deliver the order again, and a task asks a person to look into it.
    Raises NotYet until the revision is billed.
    """
    today = work.profile.local(work.now).date()
    series = lock_series(work, CREDIT_NOTE, today.year)
    account = _billed_account(work, event)
    reversed_shares = account.reverse(event.revision, work.now)
    if not reversed_shares:
        return
    for share in reversed_shares:
        if share.invoice_id is not None:
            work.add(work.get(Invoice, share.invoice_id).credit(series, reason=event.reason, at=work.now, on=today))
    _take_gate_pass_back(work, account, event.revision)


def _billed_account(work: Work, event: DeliveryReversed) -> OrderAccount:
    reason = f"revision {event.revision} of work order {event.work_order_id} is not billed yet"
    not_yet = NotYet(reason, waits_for=event.work_order_id)
    try:
        account = work.edit(OrderAccount, event.work_order_id)
    except NotFound:
        raise not_yet from None
    if not account.shares_of(event.revision):
        raise not_yet
    return account


def _take_gate_pass_back(work: Work, account: OrderAccount, revision: int) -> None:
    """Revoke the pass of a reversed delivery; if the car has left with it already, raise a task."""
    gate_pass = work.find(GatePass, pass_id(account.id, revision))
    if gate_pass is None:
        return
    if gate_pass.used_at is not None:
        work.add(BillingTask.reversed_after_gate_pass(account, revision, at=work.now))
    else:
        work.edit(GatePass, gate_pass.id).revoke(work.now)
