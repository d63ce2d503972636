"""Deciding on the reversal of a delivery (Rule W15, docs/domain.md).

It is decided here, under the lock of the order's account, because the gate pass is used under the same lock: of a reversal and a
car at the gate at the same moment one comes first, and the other is refused (docs/decisions/0025).
"""

from chassis import Work
from contracts.workshop.events import ReversalRequested
from services.billing.account.standing import note_reversal
from services.billing.gate_pass.gate_pass import GatePass, pass_id
from services.billing.invoice.crediting import core_credits, edit_billed
from services.billing.invoice.invoice import Invoice, credit_note_id
from services.billing.invoice.number_series import CREDIT_NOTE, issue_of, lock_series


def decide_reversal(work: Work, event: ReversalRequested) -> None:
    """Refuse it once the gate pass was used; else revoke the pass, credit what is left of every invoice, and confirm.

    What was paid becomes credit. A reversal that was confirmed already stays so. Raises NotYet until the revision is billed.
    """
    today = work.profile.local(work.now).date()
    series = lock_series(work, CREDIT_NOTE, today.year)
    account = edit_billed(work, event.work_order_id, event.revision)
    gate_pass = work.lock(GatePass, pass_id(account.id, event.revision))
    if gate_pass is not None and gate_pass.used_at is not None:
        account.refuse_reversal(event.revision, "gate_pass_used")
        return
    reversed_shares = account.reverse(event.revision, work.now)
    note_reversal(account, reversed_shares, at=work.now)
    for share in reversed_shares:
        if share.invoice_id is not None:
            invoice = work.get(Invoice, share.invoice_id)
            issue = issue_of(work, series, credit_note_id(account.id, invoice.payer, event.revision))
            work.add(invoice.credit(issue, core_credits(work, invoice), reason=event.reason))
    if reversed_shares and gate_pass is not None:
        work.edit(GatePass, gate_pass.id).revoke(work.now)
