"""What becomes of an appointment on its day: the car arrives, it does not come, or its order is opened."""

from datetime import date, timedelta

from chassis import NotYet, Refused, Work, set_timer
from contracts.booking.appointment import ArriveAppointment
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided
from contracts.workshop.reception_events import CarLeftLane
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.clocks import MAY_BE_MISSED, keep_clocks
from services.booking.appointment.loaning import keep_loan, lend_to_order
from services.booking.appointment.missed_before import make_good
from services.booking.appointment.notice import notice_to
from services.booking.appointment.occupancy import come, hold_places
from services.booking.appointment.second import refuse_second
from services.booking.appointment.wait_list import move_up
from services.booking.projections.leg import is_fetched

NO_PLACE_BECAME_FREE = "no place became free"


def arrive(work: Work, command: ArriveAppointment) -> Appointment:
    """Record that the car is here, whether at its time or not (Rule B5)."""
    calendar = hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    if appointment.status == "no_show":
        today, day = (work.profile.local(at).date() for at in (work.now, appointment.starts_at))
        require_its_day(today, day)
        if not command.confirm_second_appointment:
            refuse_second(work, appointment.vehicle_id, appointment.starts_at, but=appointment)
        make_good(work, appointment)
    appointment.arrive(at=work.now, bay=command.bay)
    come(work, calendar, appointment, work.now)
    keep_clocks(work, appointment)
    keep_loan(work, calendar, appointment, moved=False, must=False)
    move_up(work, calendar)
    return appointment


def require_its_day(today: date, day: date) -> None:
    """A no-show may come after all, on its day."""
    if today != day:
        raise Refused("appointment_missed", day=day.isoformat())


def miss(work: Work, appointment_id: str) -> None:
    """A customer who has not come some minutes after the time is a no-show (Rule B5); one on the wait list is cancelled.

    A car that the dealer fetches is the dealer's to bring: it is not missed while the driver is on it (Rule B14).
    """
    calendar = hold_places(work)
    appointment = work.lock_root(Appointment, appointment_id)
    if appointment.status not in MAY_BE_MISSED:
        return
    late = appointment.starts_at + timedelta(minutes=calendar.no_show_minutes)
    if work.now < late or is_fetched(work, appointment.id):
        again = late if work.now < late else work.now + timedelta(minutes=calendar.no_show_minutes)
        set_timer(work, "miss_appointment", appointment.id, again)
        return
    work.change(appointment)
    if appointment.status == "wait_listed":
        appointment.cancel(NO_PLACE_BECAME_FREE, notice_to(work, appointment.customer_id, comes=False))
    else:
        appointment.miss()
    keep_clocks(work, appointment)
    keep_loan(work, calendar, appointment)
    move_up(work, calendar)


def fulfil(work: Work, event: WorkOrderOpened) -> None:
    """An order that was opened for an appointment fulfils it, once, unless it is void already.

    Also one that was called off or missed before that was heard: the car is here, and what was given up is taken up again.
    At most one order that is not void (Rule B6): raises NotYet while another one has the appointment here, or it is not known.
    """
    if event.appointment_id is None:
        return
    calendar = hold_places(work)
    appointment = _known(work, event.appointment_id)
    if event.work_order_id in (appointment.work_order_id, *appointment.void_orders):
        return
    if appointment.work_order_id is not None:
        raise NotYet(
            f"order {appointment.work_order_id} of appointment {appointment.id} is not known to be void",
            waits_for=appointment.work_order_id,
        )
    appointment = work.edit(Appointment, appointment.id)
    if appointment.status == "no_show":
        make_good(work, appointment)
    if appointment.status != "arrived":
        come(work, calendar, appointment, work.happened_at)  # it was taken on without a word that it is here
    lend_to_order(work, calendar, appointment, event.work_order_id)
    appointment.fulfil(event.work_order_id, at=work.happened_at)
    keep_clocks(work, appointment)
    move_up(work, calendar)


def reopen(work: Work, event: WorkOrderVoided) -> None:
    """A void order fulfils nothing, whether its opening was heard before or comes later."""
    if event.appointment_id is None:
        return
    appointment = _known(work, event.appointment_id)
    if event.work_order_id not in appointment.void_orders:
        appointment = work.edit(Appointment, appointment.id)
        appointment.reopen(event.work_order_id)
        keep_clocks(work, appointment)


def send_on(work: Work, event: CarLeftLane) -> None:
    """The car left the lane without an order (Rule W1): its appointment is off, with the cause, and may be booked again.

    An arrival after that, or an order that was opened meanwhile, stays what it is.
    """
    if event.left != "sent_on" or event.appointment_id is None:
        return
    calendar = hold_places(work)
    appointment = work.lock_root(Appointment, _known(work, event.appointment_id).id)
    if appointment.status != "arrived" or appointment.arrived_at is None or appointment.arrived_at > event.left_at:
        return
    work.change(appointment)
    appointment.cancel(event.reason or event.left, None)
    keep_clocks(work, appointment)
    keep_loan(work, calendar, appointment)
    move_up(work, calendar)


def _known(work: Work, appointment_id: str) -> Appointment:
    appointment = work.find(Appointment, appointment_id)
    if appointment is None:
        raise NotYet(f"appointment {appointment_id} is not known here", waits_for=appointment_id)
    return appointment
