"""Coming by an account: opening it for the first fact about an order, and finding it to change it."""

from chassis import NotFound, NotYetKnown, Work
from services.billing.account.order_account import OrderAccount


def account_of_order(work: Work, work_order_id: str, currency: str) -> OrderAccount:
    """An order's account, to change, for a fact about it; opened if no fact came before.

    Opened by the flush at the end of the batch. Of two facts that open it at the same moment one is tried again.
    """
    account = work.lock(OrderAccount, work_order_id)
    if account is None:
        account = OrderAccount(id=work_order_id, currency=currency, of_appointment=False, deposit_minor=0, credit_minor=0)
        work.add(account)
    else:
        work.change(account)
    return account


def account_of_appointment(work: Work, appointment_id: str) -> OrderAccount:
    """An appointment's account, to change; opened if it is not there. Raises NotYet as `work.profile` does."""
    # Made by a statement of its own: two may put down a deposit at the same moment.
    first = {"version": 0, "currency": work.profile.currency, "deposit_minor": 0, "credit_minor": 0}
    work.lock_or_create(OrderAccount, {"id": appointment_id}, of_appointment=True, **first)
    return work.edit(OrderAccount, appointment_id)


def edit_account(work: Work, work_order_id: str) -> OrderAccount:
    """The account of an order, to change. Raises NotYetKnown if there is none: the order may be on its way."""
    try:
        account = work.edit(OrderAccount, work_order_id)
    except NotFound:
        account = None
    if account is None or account.of_appointment:
        raise NotYetKnown.reference("work_order_id", work_order_id)
    return account


def edit_billed_account(work: Work, work_order_id: str) -> OrderAccount:
    """The same, of an order that was billed. Raises NotYetKnown before: its delivery may be on its way."""
    account = edit_account(work, work_order_id)
    if not account.shares:
        raise NotYetKnown.reference("work_order_id", work_order_id)
    return account
