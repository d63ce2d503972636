"""What raises tasks by itself."""

from chassis import Work
from contracts.workshop.events import WorkOrderVoided
from services.billing.account.order_account import OrderAccount
from services.billing.task.billing_task import BillingTask


def look_after_deposit(work: Work, event: WorkOrderVoided) -> None:
    """An order was voided: if money lies on it, a person must give that back. One task, however often it is heard."""
    account = work.lock(OrderAccount, event.work_order_id)
    if account is None or not account.ledger.unused_deposits().minor:
        return
    task = BillingTask.deposit_on_void_order(account, at=work.now)
    if work.find(BillingTask, task.id) is None:
        work.add(task)
