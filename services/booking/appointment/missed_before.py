"""Who missed two appointments in the last 12 months is asked for a deposit (Rule B15, docs/domain.md).

Counted are the appointments that are no-shows now, of the customer's file and of others with its phone: one that came after all,
or was booked anew, is none any more.
"""

from sqlalchemy import select

from chassis import Money, Work
from contracts.shared import CustomerFacts
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.twelve_months import a_year_before
from services.booking.calendar.calendar import Calendar
from services.booking.projections.customer import KnownCustomer

MISSED = 2


def deposit_for(work: Work, calendar: Calendar, customer: CustomerFacts) -> Money | None:
    """What the customer is asked to put down for the next appointment, if anything."""
    asked = calendar.no_show_deposit
    if asked is None:
        return None
    phone = select(KnownCustomer.phone_key).where(KnownCustomer.id == customer.customer_id).scalar_subquery()
    theirs = work.all(select(KnownCustomer.id).where(KnownCustomer.phone_key == phone))
    missed = (
        select(Appointment.id)
        .where(
            Appointment.customer_id.in_(theirs),
            Appointment.status == "no_show",
            Appointment.starts_at > a_year_before(work.now),
        )
        .limit(MISSED)
    )
    with work.without_autoflush():
        return asked if len(work.all(missed)) == MISSED else None
