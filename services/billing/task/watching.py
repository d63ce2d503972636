"""What raises tasks by itself."""

from chassis import NotYet, Work
from contracts.workshop.events import WorkOrderVoided
from services.billing.account.following import give_back_deposits, lock_appointment
from services.billing.account.order_account import OrderAccount
from services.billing.task.billing_task import BillingTask


def look_after_deposit(work: Work, event: WorkOrderVoided) -> None:
    """An order was voided: no deposit is taken for it any more, and what lies on it is held for its appointment's next order.

    Of an order without appointment a person must give it back: one task, however often it is heard. Raises NotYet before the
    order is known here.
    """
    if event.appointment_id is not None:
        lock_appointment(work, event.appointment_id)
    account = work.lock(OrderAccount, event.work_order_id)
    if account is None:
        raise NotYet(f"work order {event.work_order_id} is not known here yet", waits_for=event.work_order_id)
    if account.voided_at is None:
        work.change(account)
        account.void(work.now)
    if not account.deposit_minor:
        return
    if event.appointment_id is not None:
        work.change(account)
        give_back_deposits(work, account, event.appointment_id)
        return
    task = BillingTask.deposit_on_void_order(account, at=work.now)
    if work.find(BillingTask, task.id) is None:
        work.add(task)
