"""Opening the accounts of orders (Rule L4, docs/domain.md)."""

from chassis import Prefetch, Work
from contracts.workshop.events import WorkOrderOpened
from services.billing.account.access import account_of_order, prefetch_accounts


def prefetch(batch: Prefetch[WorkOrderOpened]) -> None:
    """The accounts of a batch."""
    prefetch_accounts(batch, [(dealer, event.work_order_id) for dealer, event in batch.received])


def open_account(work: Work, event: WorkOrderOpened) -> None:
    """Open the order's account, so that a deposit can be taken; one that a delivery opened before knows all this already."""
    account = account_of_order(work, event.work_order_id, work.profile.currency)
    if account.work_order_number is None:
        visit_id = work.cause.correlationid if work.cause else None
        account.identify(event.customer, event.vehicle, number=event.number, visit_id=visit_id)
