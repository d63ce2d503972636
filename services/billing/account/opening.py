"""Opening the accounts of orders, and moving to them what was put down for their appointments (Rule L4, docs/domain.md)."""

from chassis import NotYet, Prefetch, Work
from contracts.booking.events import AppointmentChanged, AppointmentFulfilled
from contracts.workshop.events import WorkOrderOpened
from services.billing.account.access import account_of_order, prefetch_accounts
from services.billing.account.deposit import hand_deposits_over
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import PaymentContext
from services.billing.projections.recording import follow_appointment


def prefetch(batch: Prefetch[WorkOrderOpened]) -> None:
    """The accounts of a batch."""
    prefetch_accounts(batch, [(dealer, event.work_order_id) for dealer, event in batch.received])


def open_account(work: Work, event: WorkOrderOpened) -> None:
    """Open the order's account, so that a deposit can be taken; one that a delivery opened before knows all this already."""
    account = account_of_order(work, event.work_order_id, work.profile.currency)
    if account.work_order_number is None:
        visit_id = work.cause.correlationid if work.cause else None
        account.identify(event.customer, event.vehicle, number=event.number, visit_id=visit_id)


def follow(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment; once its order is opened, what was put down for it is the order's. Raises NotYet until then."""
    follow_appointment(work, event)
    if isinstance(event, AppointmentFulfilled):
        _move_deposits(work, event)


def _move_deposits(work: Work, event: AppointmentFulfilled) -> None:
    # After the appointment, whose row is locked now: a deposit for it is either here already or refused.
    held = work.lock(OrderAccount, event.appointment.appointment_id)
    if held is None:
        return
    account = work.lock(OrderAccount, event.work_order_id)
    if account is None:
        raise NotYet(f"work order {event.work_order_id} is not known here yet", waits_for=event.work_order_id)
    work.change(held)
    work.change(account)
    hand_deposits_over(held, account, PaymentContext.of(work))
