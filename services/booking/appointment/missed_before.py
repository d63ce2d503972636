"""Who missed two appointments in the last 12 months is asked for a deposit (Rule B15, docs/domain.md).

Counted are the appointments that are no-shows now, of the customer's file and of others with its phone: one that came after all,
or was booked anew, is none any more, and who was asked for it and has paid nothing yet is asked no longer.
"""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Money, Work
from contracts.booking.events import AppointmentAmended
from contracts.shared import CustomerFacts
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.twelve_months import a_year_before
from services.booking.calendar.calendar import Calendar
from services.booking.projections.customer import KnownCustomer

MISSED = 2


def deposit_for(work: Work, calendar: Calendar, customer: CustomerFacts) -> Money | None:
    """What the customer is asked to put down for the next appointment, if anything."""
    asked = calendar.no_show_deposit
    if asked is None:
        return None
    return asked if _missed_enough(work, _files_of(work, customer.customer_id)) else None


def make_good(work: Work, missed: Appointment) -> None:
    """It is about to come after all, or to another time: what was asked for because of it is asked for no more.

    The caller holds the places, and has the appointment to change.
    """
    files = _files_of(work, missed.customer_id)
    if _missed_enough(work, files, but=missed):
        return
    open_ones = Appointment.status.in_((*AWAITED, "wait_listed", "arrived"))
    asked = select(Appointment).where(Appointment.customer_id.in_(files), open_ones, Appointment.deposit_asked_minor.is_not(None))
    with work.without_autoflush():
        found = work.all(asked.order_by(Appointment.id).with_for_update(of=Appointment))
    for one in (missed, *found):
        if one.deposit_asked_minor is not None and one.deposit_paid_minor <= 0:
            one.deposit_asked_minor = None
            if one is not missed:
                work.change(one)
            if one.status in (*AWAITED, "arrived"):
                one.announce(AppointmentAmended(appointment=one.facts()))


def _files_of(work: Work, customer_id: str) -> Sequence[str]:
    """The customer's file, and others with its phone."""
    phone = select(KnownCustomer.phone_key).where(KnownCustomer.id == customer_id).scalar_subquery()
    return work.all(select(KnownCustomer.id).where(KnownCustomer.phone_key == phone))


def _missed_enough(work: Work, files: Sequence[str], *, but: Appointment | None = None) -> bool:
    missed = select(Appointment.id).where(
        Appointment.customer_id.in_(files), Appointment.status == "no_show", Appointment.starts_at > a_year_before(work.now)
    )
    if but is not None:
        missed = missed.where(Appointment.id != but.id)
    with work.without_autoflush():
        return len(work.all(missed.limit(MISSED))) == MISSED
