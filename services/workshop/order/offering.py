"""Offering a loaner (Rule B9, docs/domain.md): looked at when it is due, told to the service manager, answered once."""

from chassis import Work, set_timer
from contracts.booking.events import AppointmentFulfilled
from contracts.workshop.loaner_offer import AnswerLoanerOffer
from services.workshop.order.loaner_offer import LoanerOffer, is_covered, lasts, offer_at
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder


def watch_stay(work: Work, order: WorkOrder) -> None:
    """After what was approved, who pays or the promise has changed, or it is worked on again: when to offer a loaner.

    Orders without work under three guarantees cost nothing.
    """
    if is_covered(order):
        set_timer(work, "offer_loaner", order.id, offer_at(order, work.now))


def offer_loaner(work: Work, work_order_id: str) -> None:
    """The car has been here, or will be, for more than five days: its customer is offered a loaner, once."""
    order = work.lock_root(WorkOrder, work_order_id)
    if not lasts(order) or work.find(LoanerOffer, order.id) is not None:
        return
    due = offer_at(order, work.now)
    if work.now < due:
        set_timer(work, "offer_loaner", order.id, due)
        return
    work.add(LoanerOffer(id=order.id, visit_id=order.visit_id, raised_at=work.now, order=order))


def offer_missing_loaner(work: Work, event: AppointmentFulfilled) -> None:
    """The customer asked for one when they booked, and none is left for them: they are offered one as long as the car is here."""
    if not event.loaner_missing:
        return
    order = work.lock_root(WorkOrder, event.work_order_id)
    if order.status in NOT_READY and work.find(LoanerOffer, order.id) is None:
        work.add(LoanerOffer(id=order.id, visit_id=order.visit_id, raised_at=work.now, order=order))


def end_offer(work: Work, order: WorkOrder) -> None:
    """The car is ready: nobody need be offered a loaner any more."""
    if is_covered(order):
        set_timer(work, "offer_loaner", order.id, None)
    if is_covered(order) or order.appointment_id is not None:
        found = work.lock(LoanerOffer, order.id)
        if found is not None and found.ended_at is None:
            work.change(found)
            found.end(at=work.now)


def answer_loaner_offer(work: Work, command: AnswerLoanerOffer) -> LoanerOffer:
    """What the customer got, or said."""
    offer = work.edit(LoanerOffer, command.work_order_id)
    offer.give(command.loaner_answer, command.note, by=work.actor, at=work.now)
    return offer
