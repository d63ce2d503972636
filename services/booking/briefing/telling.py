"""Telling the technical director of the coming day (Rule B6)."""

from chassis import Work
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.tags import for_director
from services.booking.briefing.briefing import Briefing
from services.booking.briefing.queries import cars_of


def brief_director(work: Work, appointment_id: str) -> None:
    """At the dealer's time the day's comebacks and diagnoses are told together; of what is booked later they hear at once.

    The timer is an appointment's: whichever of a day fires first tells of all, and the others find nothing left to tell.
    """
    appointment = work.lock_root(Appointment, appointment_id)
    if not for_director(appointment) or appointment.status not in AWAITED:
        return
    day = work.profile.local(appointment.starts_at).date()
    work.advisory_lock("booking.briefing")  # two timers of one day may fire at the same time
    briefing = work.lock(Briefing, Briefing.id_for(day))
    told = briefing.told_of if briefing else {}
    coming = [one for one in cars_of(work, day) if one.status in AWAITED and one.id not in told]
    if not coming:
        return
    if briefing is None:
        briefing = Briefing.of(day, at=work.now)
        work.add(briefing)
    else:
        work.change(briefing)
    briefing.tell(coming, at=work.now)
