"""What the service manager decides on an order's account: who stands for a share that is not paid (Rule L5, docs/domain.md)."""

from chassis import Work
from contracts.billing.account import ApproveDeposit, RecordAuthorisation
from services.billing.account import deposit
from services.billing.account.access import edit_billed_account
from services.billing.account.order_account import OrderAccount


def record_authorisation(work: Work, command: RecordAuthorisation) -> OrderAccount:
    """Record who stands for a share; the same again changes nothing."""
    account = edit_billed_account(work, command.work_order_id)
    account.authorise(command.payer, reference=command.reference, authorised_by=command.authorised_by, at=work.now)
    return account


def approve_deposit(work: Work, command: ApproveDeposit) -> OrderAccount:
    """Let the car leave on the deposit; the newest reason holds, the same one again changes nothing."""
    account = edit_billed_account(work, command.work_order_id)
    deposit.approve_deposit(account, reason=command.reason, by=work.actor, at=work.now)
    return account
