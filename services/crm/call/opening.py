"""Calls that follow from appointments (Rule B5, docs/domain.md)."""

from chassis import NotYet, Work
from contracts.booking.events import AppointmentKept, AppointmentMissed, AppointmentRescheduled
from services.crm.call.call import Call


def open_no_show(work: Work, event: AppointmentMissed) -> None:
    """Somebody must call who did not come; once for each time that was missed, however often it is heard."""
    missed = event.appointment
    if work.find(Call, Call.id_for(missed.appointment_id, missed.starts_at)) is not None:
        return
    work.add(Call.no_show(missed, at=work.happened_at, visit_id=None if work.cause is None else work.cause.correlationid))


def settle_no_show(work: Work, event: AppointmentKept) -> None:
    """Who came after all, or agreed on another time, need not be called. Raises NotYet if what was missed is not known yet."""
    if not event.was_missed:
        return
    appointment = event.appointment
    missed_at = event.previous_starts_at if isinstance(event, AppointmentRescheduled) else appointment.starts_at
    id_ = Call.id_for(appointment.appointment_id, missed_at)
    if work.find(Call, id_) is None:
        raise NotYet(f"that {appointment.appointment_id} was missed is not known here yet", waits_for=appointment.appointment_id)
    work.edit(Call, id_).settle(at=work.now)
