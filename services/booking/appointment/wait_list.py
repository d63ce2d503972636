"""The wait list (Rules B2 and B15, docs/domain.md): a place that becomes free goes to who waits longest for it, once.

Whoever frees a place offers it in the same transaction, while it holds the places: nobody overtakes those who wait. Places are
held before an appointment is locked, here and by all who change one, so that no two wait for one another.
"""

from datetime import timedelta

from sqlalchemy import select

from chassis import Work
from contracts.booking.events import AppointmentOfferLapsed, AppointmentPlaceOffered, CustomerNotice
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.clocks import agree, keep_clocks
from services.booking.appointment.loaning import keep_loan
from services.booking.appointment.notice import notice_to
from services.booking.appointment.occupancy import Taken, taken_in
from services.booking.calendar.calendar import Calendar


def move_up(work: Work, calendar: Calendar) -> None:
    """Offer the places that are free to those who wait for them, in the order in which they came. The caller holds the places.

    Who was offered one and did not answer in time is passed over from then on.
    """
    waiting = work.all(
        select(Appointment)
        .where(
            Appointment.status == "wait_listed",
            Appointment.starts_at > work.now,
            Appointment.has_place.is_(False),
            Appointment.offer_lapsed.is_(False),
        )
        .order_by(Appointment.id)
        .with_for_update()
    )
    if not waiting:
        return
    zone = work.profile.zone
    taken = taken_in(work, (min(one.starts_at for one in waiting), max(one.ends_at for one in waiting)))
    for one in waiting:
        if calendar.is_open(*one.stretch, zone) and _is_free(calendar, taken, one):
            _offer(work, calendar, one)
            taken.add(one.service_type, one.advisor, one.stretch)


def lapse(one: Appointment, notice: CustomerNotice) -> None:
    """Its customer did not answer in time: the place is free for the next one."""
    one.has_place, one.held_until, one.offer_lapsed = False, None, True
    one.announce(AppointmentOfferLapsed(appointment=one.facts(), notice=notice))


def _is_free(calendar: Calendar, taken: Taken, one: Appointment) -> bool:
    if taken.types[one.service_type].most_at_once(*one.stretch) >= calendar.places(one.service_type):
        return False
    return one.advisor is None or taken.advisors[one.advisor].most_at_once(*one.stretch) < calendar.advisor_places


def _offer(work: Work, calendar: Calendar, one: Appointment) -> None:
    notice = notice_to(work, one.customer_id)
    work.change(one)
    if calendar.offer_minutes == 0:
        one.confirm(notice)
        agree(work, one)
        keep_loan(work, calendar, one, must=False)
        return
    one.has_place = True
    one.held_until = min(work.now + timedelta(minutes=calendar.offer_minutes), one.starts_at)
    one.announce(AppointmentPlaceOffered(appointment=one.facts(), held_until=one.held_until, notice=notice))
    keep_clocks(work, one)
