"""The loaner that an appointment asks for (Rules B4 and B9, docs/domain.md): kept, moved and given up with it.

Who waits for a place has no loaner yet: it is looked for when the place is there.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from chassis import Refused, Work
from contracts.shared import CustomerFacts
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.calendar.calendar import Calendar
from services.booking.loaner.lending import add, choose, find_free, hold_fleet, take
from services.booking.loaner.loan import Loan
from services.booking.loaner.loaner_car import Loaner

NOT_NEEDED = "no longer needed for the appointment"
MOVED_AWAY = "the car is here already, and no loaner is free"
LEFT_EARLY = timedelta(days=4)
"""So long before its time, over a weekend, a car is left here at most; one whose time is later was moved as its order opened."""


def keep_loan(work: Work, calendar: Calendar, appointment: Appointment, *, moved: bool = True, must: bool = True) -> None:
    """It has a loaner from its time to the pick-up - or until the dealer closes that day -, if it asks for one; else none.

    Called after every change; `moved`, of its times. A car that is out stays out. Raises Refused if none is free; if `must` is
    false, because nobody is there to be asked, the wish stays without a car, and the desk sees that.
    """
    if not (appointment.loaner or appointment.loan_id) or appointment.status == "fulfilled":
        return
    hold_fleet(work)
    loan = None if appointment.loan_id is None else work.lock_root(Loan, appointment.loan_id)
    if not appointment.loaner or appointment.status not in (*AWAITED, "arrived"):
        if loan is not None and loan.state == "booked":
            work.change(loan)
            loan.cancel(NOT_NEEDED)
            appointment.loan_id = None
    elif loan is None:
        _book(work, calendar, appointment, must=must)
    elif loan.state == "booked" and moved:
        take(work, loan, *_stretch(work, calendar, appointment))


def lend_to_order(work: Work, calendar: Calendar, appointment: Appointment, work_order_id: str) -> None:
    """Its loaner is the order's from now on; one that it wants and does not have is looked for once more.

    What was given up because it was called off is kept again as before: for the same times, and the same car if that is free.
    What was moved to a later day meanwhile is needed from now on; where none is free the customer is to be offered one.
    """
    if appointment.loan_id is not None:
        hold_fleet(work)
        loan = work.edit(Loan, appointment.loan_id)
        loan.work_order_id = work_order_id
        if loan.state == "booked" and loan.begins_at > work.now + LEFT_EARLY:
            _bring_forward(work, calendar, appointment, loan)
    elif appointment.loaner:
        hold_fleet(work)
        given_up = select(Loan).where(Loan.appointment_id == appointment.id).order_by(Loan.id.desc())
        before = work.first(given_up)
        stretch = _stretch(work, calendar, appointment) if before is None else (before.begins_at, before.ends_at)
        same = None if before is None else find_free(work, *stretch, wanted=before.loaner_id)
        car = same or find_free(work, *stretch)
        if car is not None and stretch[1] > work.now:
            _keep(work, appointment, car, stretch, work_order_id=work_order_id)


def _bring_forward(work: Work, calendar: Calendar, appointment: Appointment, loan: Loan) -> None:
    try:
        take(work, loan, work.now, calendar.evening_of(work.now, work.profile.zone))
    except Refused:
        loan.cancel(MOVED_AWAY)
        appointment.loan_id = None


def _book(work: Work, calendar: Calendar, appointment: Appointment, *, must: bool) -> None:
    stretch = _stretch(work, calendar, appointment)
    try:
        car = choose(work, *stretch)
    except Refused:
        if must:
            raise
        return
    _keep(work, appointment, car, stretch)


def _keep(
    work: Work, appointment: Appointment, car: Loaner, stretch: tuple[datetime, datetime], *, work_order_id: str | None = None
) -> None:
    customer, visit = CustomerFacts.load(appointment.customer), appointment.visit_id
    assert visit is not None, "booking begins the visit"
    loan = Loan.book(car, customer, *stretch, visit_id=visit, appointment_id=appointment.id, work_order_id=work_order_id)
    add(work, loan)
    appointment.loan_id = loan.id


def _stretch(work: Work, calendar: Calendar, appointment: Appointment) -> tuple[datetime, datetime]:
    evening = calendar.evening_of(appointment.starts_at, work.profile.zone)
    return appointment.starts_at, appointment.expected_pick_up_at or evening
