"""What becomes of appointments and orders, as far as their money is concerned (Rules L4, B6).

A deposit for an appointment lies on whichever of its orders is alive, on the appointment while none is. The appointment's row
is locked first: whatever moves its deposits, or takes one, waits for it.
"""

from sqlalchemy import select

from chassis import NotYet, Work
from contracts.booking.events import AppointmentChanged, AppointmentFulfilled
from contracts.workshop.events import WorkOrderEvent, WorkOrderReady
from services.billing.account.access import account_of_appointment, account_of_order
from services.billing.account.deposit import hand_deposits_over
from services.billing.account.order_account import OrderAccount
from services.billing.account.payment import PaymentContext
from services.billing.account.standing import note_readiness
from services.billing.projections.appointment import COMING, FollowedAppointment
from services.billing.projections.recording import follow_appointment


def follow(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment; what was put down for it is its order's, as soon as that is open here. Raises NotYet until then."""
    follow_appointment(work, event)
    if isinstance(event, AppointmentFulfilled):
        _to_living_order(work, event.appointment.appointment_id)
    else:
        _note_whether_it_comes(work, event.appointment.appointment_id)


def follow_readiness(work: Work, event: WorkOrderEvent) -> None:
    """Keep that an order is ready to be settled, or is worked on again; the account is opened if no fact came before."""
    assert work.cause is not None, "what an order announces has an envelope"
    total = event.total if isinstance(event, WorkOrderReady) else None
    account = account_of_order(work, event.work_order_id, work.profile.currency)
    note_readiness(account, work.cause.sequence, at=work.cause.time, total=total)


def give_back_deposits(work: Work, account: OrderAccount, appointment_id: str) -> None:
    """The appointment's order is void, and locked: its unused deposits wait for the next one, or lie on that if it is open."""
    held = account_of_appointment(work, appointment_id)
    held.belong_to_customer_of(account)
    hand_deposits_over(account, held, PaymentContext.of(work))
    _to_living_order(work, appointment_id)
    _note_whether_it_comes(work, appointment_id)


def lock_appointment(work: Work, appointment_id: str) -> str | None:
    """Which order fulfils the appointment now; read from the table, where an event of this batch may just have written it."""
    statement = select(FollowedAppointment.work_order_id).where(FollowedAppointment.id == appointment_id).with_for_update()
    return next((row.work_order_id for row in work.execute(statement)), None)


def _to_living_order(work: Work, appointment_id: str) -> None:
    work_order_id = lock_appointment(work, appointment_id)
    held = None if work_order_id is None else work.lock(OrderAccount, appointment_id)
    if work_order_id is None or held is None or not held.deposit_minor:
        return
    account = work.lock(OrderAccount, work_order_id)
    if account is None:
        raise NotYet(f"work order {work_order_id} is not known here yet", waits_for=work_order_id)
    if account.voided_at is None:
        work.change(held)
        work.change(account)
        hand_deposits_over(held, account, PaymentContext.of(work))


def _note_whether_it_comes(work: Work, appointment_id: str) -> None:
    """Money that lies on an appointment which came to nothing is to be given back, as on a void order."""
    statement = select(FollowedAppointment.status).where(FollowedAppointment.id == appointment_id).with_for_update()
    comes = any(row.status in (*COMING, "fulfilled") for row in work.execute(statement))
    held = work.find(OrderAccount, appointment_id)
    if held is not None and comes == (held.voided_at is not None):
        work.edit(OrderAccount, appointment_id).void(None if comes else work.now)
