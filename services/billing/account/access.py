"""Coming by an account: opening it for the first fact about an order, and finding it to change it."""

from collections.abc import Collection
from typing import Any

from chassis import NotFound, NotYetKnown, Prefetch, Work
from services.billing.account.order_account import OrderAccount


def account_of_order(work: Work, work_order_id: str, currency: str) -> OrderAccount:
    """An order's account, to change, for a fact about it; opened if no fact came before."""
    # Not `find`: the account is to be changed. One that an earlier message of the batch opened is found, too.
    try:
        return work.edit(OrderAccount, work_order_id)
    except NotFound:
        account = OrderAccount(id=work_order_id, of_appointment=False, **_empty(currency))
        work.add(account)
        return account


def prefetch_accounts(batch: Prefetch[Any], orders: Collection[tuple[str, str]]) -> None:
    """The accounts of these orders (dealer, order), locked. Of two batches that open the same one, the second waits."""
    here = {(one.dealer_id, one.id) for one in batch.rows(OrderAccount, orders, lock=True)}
    missing = sorted(set(orders) - here)
    if missing:
        batch.advisory_locks("accounts")
        batch.rows(OrderAccount, missing, lock=True)


def account_of_appointment(work: Work, appointment_id: str) -> OrderAccount:
    """An appointment's account, to change; opened if it is not there. Raises NotYet as `work.profile` does."""
    # Made by a statement of its own: two may put down a deposit at the same moment.
    work.lock_or_create(OrderAccount, {"id": appointment_id}, of_appointment=True, version=0, **_empty(work.profile.currency))
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
    """The same, of an order whose newest delivery is billed. Raises Refused as `current_shares` does."""
    account = edit_account(work, work_order_id)
    account.current_shares()
    return account


def _empty(currency: str) -> dict[str, Any]:
    return {"currency": currency, "deposit_minor": 0, "credit_minor": 0, "followed": 0}
