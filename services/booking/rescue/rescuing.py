"""What the desk does about a rescue case (Rule B11, docs/domain.md): it and its appointment arrive together.

Whoever brings one of the two holds the places, which comes before either is locked.
"""

from sqlalchemy import and_, or_, select

from chassis import Invalid, Work
from chassis.wire.phones import phone_key
from contracts.booking.appointment import ArriveAppointment
from contracts.booking.rescue import CloseRescue, LinkRescue, RecordRescueArrival, RecordTow, ReportRescue
from contracts.workshop.events import WorkOrderOpened
from services.booking.appointment import arriving
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.occupancy import hold_places
from services.booking.projections.order import require_order_of_plate
from services.booking.rescue.rescue import Rescue

HERE = ("arrived", "fulfilled")


def report(work: Work, command: ReportRescue) -> Rescue:
    """Somebody calls for help."""
    phone_key(command.caller_phone, work.profile.country, field="caller_phone")
    rescue = Rescue.report(command, at=work.now, by=work.actor)
    work.add(rescue)
    return rescue


def record_tow(work: Work, command: RecordTow) -> Rescue:
    """Who tows it, and when it is expected."""
    if command.tow_phone is not None:
        phone_key(command.tow_phone, work.profile.country, field="tow_phone")
    rescue = work.edit(Rescue, command.rescue_id)
    rescue.tow(command, at=work.now)
    return rescue


def record_arrival(work: Work, command: RecordRescueArrival) -> Rescue:
    """It is here, and so is the car of its appointment; its plate says which, where one alone is to come that day."""
    hold_places(work)
    rescue = work.edit(Rescue, command.rescue_id)
    is_unknown = rescue.appointment_id is None and rescue.work_order_id is None
    booked = _booked_today(work, rescue.plate_key) if is_unknown else None
    rescue.arrive(command.arrived_at or work.now, at=work.now, appointment=booked)
    _bring_appointment(work, rescue)
    return rescue


def link(work: Work, command: LinkRescue) -> Rescue:
    """Whose case it is; if one of the two is here, so is the other. Raises NotFound for an appointment that there is not.

    Raises NotYetKnown for such an order, and Refused for another car's.
    """
    if command.appointment_id is None and command.work_order_id is None:
        raise Invalid.field("appointment_id", "appointment_or_order")
    hold_places(work)
    rescue = work.edit(Rescue, command.rescue_id)
    if command.work_order_id is not None:
        require_order_of_plate(work, command.work_order_id, rescue.plate)
    appointment = None if command.appointment_id is None else work.get(Appointment, command.appointment_id)
    if appointment is not None and _bring(work, rescue, appointment):
        rescue.work_order_id = command.work_order_id
        return rescue
    rescue.link(appointment, command.work_order_id)
    if rescue.state == "arrived":
        _bring_appointment(work, rescue)
    return rescue


def close(work: Work, command: CloseRescue) -> Rescue:
    """It does not come."""
    rescue = work.edit(Rescue, command.rescue_id)
    rescue.close(command.reason)
    return rescue


def arrive(work: Work, command: ArriveAppointment) -> Appointment:
    """The car is here, and with it its rescue case is over."""
    appointment = arriving.arrive(work, command)
    _bring_cases(work, appointment)
    return appointment


def fulfil(work: Work, event: WorkOrderOpened) -> None:
    """Its order is opened: the car is here, whether anybody said so before or not."""
    arriving.fulfil(work, event)
    if event.appointment_id is not None:
        _bring_cases(work, work.get(Appointment, event.appointment_id))


def _bring_appointment(work: Work, rescue: Rescue) -> None:
    booked = None if rescue.appointment_id is None else work.lock(Appointment, rescue.appointment_id)
    if booked is not None and (booked.status in (*AWAITED, "wait_listed") or _missed_today(work, booked)):
        arriving.arrive(work, ArriveAppointment(appointment_id=booked.id, confirm_second_appointment=True))


def _bring_cases(work: Work, appointment: Appointment) -> None:
    its = Rescue.appointment_id == appointment.id
    if _booked_today(work, appointment.plate_key, here=appointment) is appointment:
        unknown = and_(Rescue.appointment_id.is_(None), Rescue.work_order_id.is_(None))
        its = or_(its, and_(unknown, Rescue.plate_key == appointment.plate_key))
    for case in work.all(select(Rescue).where(Rescue.is_open, its).order_by(Rescue.id).with_for_update()):
        _bring(work, case, appointment)


def _bring(work: Work, case: Rescue, appointment: Appointment) -> bool:
    """The case is over with the arrival of its car; one that was called in after that is another matter. Whether it is."""
    came = appointment.arrived_at
    if not case.is_open or appointment.status not in HERE or came is None or not case.reported_at <= came <= work.now:
        return False
    work.change(case)
    case.arrive(came, at=work.now, appointment=appointment)
    return True


def _booked_today(work: Work, plate_key: str, *, here: Appointment | None = None) -> Appointment | None:
    """The one appointment of the plate that stands today, if it is one: confirmed, missed, or the one that is here."""
    day = work.profile.local(work.now).date()
    stands = Appointment.status.in_(("confirmed", "no_show"))
    found = select(Appointment).where(
        Appointment.plate_key == plate_key,
        *work.profile.within(Appointment.starts_at, day, day),
        stands if here is None else or_(stands, Appointment.id == here.id),
    )
    with work.without_autoflush():
        standing = work.all(found.limit(2))
    return standing[0] if len(standing) == 1 else None


def _missed_today(work: Work, appointment: Appointment) -> bool:
    today, day = (work.profile.local(at).date() for at in (work.now, appointment.starts_at))
    return appointment.status == "no_show" and today == day
