"""Billing a delivered order, and crediting it when the delivery is reversed (Rules L1, L2 and W15, docs/domain.md).

Both may run in one transaction with many others: what a dealer's orders have in common is read once, each order is looked up by
its account, which stands in the same transaction as its invoices, and the rows are written at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from chassis import DealerProfile, NotFound, NotYet, Prefetch, Refused, Work
from contracts.shared import Payer
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.billing.domain import gate_pass
from services.billing.domain.account import CUSTOMER, OrderAccount
from services.billing.domain.invoice import Invoice, bills
from services.billing.domain.ledger import Taken
from services.billing.domain.numbers import CREDIT_NOTE, INVOICE, NumberSeries, lock_series
from services.billing.domain.tax import TaxRate, latest_first, rate_on, rates


@dataclass(frozen=True)
class Premises:
    """What all orders of a dealer have in common within a transaction."""

    profile: DealerProfile
    rates: Sequence[TaxRate]


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """Rates, series and accounts of a batch; locked as `lock_series` says."""
    found = batch.of_dealers(TaxRate)
    _kept(batch.session).update(
        (dealer, Premises(profile, latest_first(rate for rate in found if rate.dealer_id == dealer)))
        for dealer, profile in batch.profiles.items()
    )
    years = ((dealer, profile.local(batch.now).year) for dealer, profile in batch.profiles.items())
    batch.rows(NumberSeries, [(dealer, INVOICE, year) for dealer, year in years], lock=True)
    batch.rows(OrderAccount, [(dealer, fact.work_order_id) for dealer, fact in batch.received], lock=True)


def issue_invoices(work: Work, fact: WorkOrderDelivered) -> None:
    """Issue one invoice per payer that has any share, also if its shares come to nothing; an order without lines gets none.

    A revision that is billed already stays as it is. Raises Refused for a fact that contradicts itself: it will not get better.
    """
    premises = _premises(work)
    rate = rate_on(premises.profile.local(fact.delivered_at).date(), premises.rates)
    billed = bills(fact.lines, fact.currency, fact.tax_mode, rate)
    today = premises.profile.local(work.now).date()
    series = lock_series(work, INVOICE, today.year)  # before the account: see lock_series
    account = _account(work, fact.work_order_id)
    if account is None:
        account = OrderAccount(id=fact.work_order_id, currency=fact.currency)
        work.add(account)
    elif account.currency != fact.currency:
        raise Refused("currency_differs", currency=account.currency)
    if account.shares_of(fact.revision):
        return
    account.work_order_number = fact.number
    account.customer_id = fact.customer.customer_id
    visit_id = work.cause.correlationid if work.cause else None
    account.visit_id = visit_id or account.visit_id
    owed: dict[Payer, tuple[str | None, int]] = {}
    for payer, bill in billed.items():
        invoice = Invoice.issue(fact, payer, bill, series, rate=rate, at=work.now, on=today, visit_id=visit_id)
        work.add(invoice)
        owed[payer] = invoice.id, invoice.total_minor
    account.bill(fact.revision, owed or {CUSTOMER: (None, 0)}, Taken(at=work.now, on=today, by=work.actor))


def credit_invoices(work: Work, fact: DeliveryReversed) -> None:
    """Credit every invoice of the revision in full; what was paid becomes credit, an unused gate pass is revoked.

    The gate pass may have been used while the reversal was on its way (workshop refuses it only once it has heard of that): the
    delivery is credited all the same, because workshop will deliver the order again, and a task asks a person to look into it.
    Raises NotYet until the revision is billed.
    """
    today = _premises(work).profile.local(work.now).date()
    series = lock_series(work, CREDIT_NOTE, today.year)  # before the account: see lock_series
    account = _account(work, fact.work_order_id)
    if account is None or not account.shares_of(fact.revision):
        raise NotYet(f"revision {fact.revision} of work order {fact.work_order_id} is not billed yet")
    changed = account.reverse(fact.revision, work.now)
    if not changed:
        return
    for share in changed:
        if share.invoice_id is not None:
            work.add(work.get(Invoice, share.invoice_id).credit(series, reason=fact.reason, at=work.now, on=today))
    gate_pass.revoke(work, account, fact.revision)


def _premises(work: Work) -> Premises:
    kept = _kept(work.session)
    if work.dealer not in kept:
        kept[work.dealer] = Premises(work.profile, rates(work))
    return kept[work.dealer]


def _kept(session: Session) -> dict[str, Premises]:
    kept: dict[str, Premises] = session.info.setdefault("premises", {})
    return kept


def _account(work: Work, work_order_id: str) -> OrderAccount | None:
    # Not `find`: the account is to be changed. One that an earlier message of the batch opened is found, too.
    try:
        return work.edit(OrderAccount, work_order_id)
    except NotFound:
        return None
