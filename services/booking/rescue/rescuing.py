"""What the desk does about a rescue case (Rule B11, docs/domain.md)."""

from chassis import Invalid, Work
from contracts.booking.rescue import CloseRescue, LinkRescue, RecordRescueArrival, RecordTow, ReportRescue
from services.booking.appointment.appointment import Appointment
from services.booking.rescue.rescue import Rescue


def report(work: Work, command: ReportRescue) -> Rescue:
    """Somebody calls for help."""
    rescue = Rescue.report(command, at=work.now, by=work.actor)
    work.add(rescue)
    return rescue


def record_tow(work: Work, command: RecordTow) -> Rescue:
    """Who tows it, and when it is expected."""
    rescue = work.edit(Rescue, command.rescue_id)
    rescue.tow(command, at=work.now)
    return rescue


def record_arrival(work: Work, command: RecordRescueArrival) -> Rescue:
    """It is here."""
    rescue = work.edit(Rescue, command.rescue_id)
    rescue.arrive(command.arrived_at or work.now, at=work.now)
    return rescue


def link(work: Work, command: LinkRescue) -> Rescue:
    """Whose case it is. Raises NotFound for an appointment that there is not."""
    if command.appointment_id is None and command.work_order_id is None:
        raise Invalid.field("appointment_id", "appointment_or_order")
    rescue = work.edit(Rescue, command.rescue_id)
    appointment = None if command.appointment_id is None else work.get(Appointment, command.appointment_id)
    rescue.link(appointment, command.work_order_id)
    return rescue


def close(work: Work, command: CloseRescue) -> Rescue:
    """It does not come."""
    rescue = work.edit(Rescue, command.rescue_id)
    rescue.close(command.reason)
    return rescue
