"""A reservation that lost parts which were set aside for it: a task of the parts desk says so until it is made good (Rule P3)."""

from chassis import Work
from services.parts.reservation.reservation import Reservation
from services.parts.task.task import PartsTask, losses_of, report_loss


def tell_of_loss(work: Work, reservation: Reservation, number: str, units: int) -> None:
    """So much of a part that was set aside for the reservation is gone."""
    reservation.lost = True
    line = next(one for one in reservation.lines if one.number == number)
    report_loss(
        work,
        appointment_id=None if reservation.work_order_id else reservation.appointment_id,
        work_order_id=reservation.work_order_id,
        order_number=reservation.order_number,
        plate=reservation.plate,
        line_id=line.line_id,
        part_number=number,
        units=units,
        visit_id=reservation.visit_id,
    )


def settle_losses(work: Work, reservation: Reservation) -> None:
    """What was made good or is not wanted any more is nobody's task any longer."""
    if not reservation.lost:
        return
    short = reservation.short_by_number()
    open_tasks = _tasks(work, reservation)
    for task in open_tasks:
        work.change(task)
        task.shrink(short[task.part_number], at=work.now)
    reservation.lost = any(task.state == "open" for task in open_tasks)


def hand_losses_on(work: Work, appointment: Reservation, order: Reservation) -> None:
    """The appointment became this order: what it lacks, the order lacks now."""
    if not appointment.lost:
        return
    short = order.short_by_number()
    for task in _tasks(work, appointment):
        if units := min(task.quantity_units, short[task.part_number]):
            tell_of_loss(work, order, task.part_number, units)
    settle_losses(work, appointment)


def _tasks(work: Work, reservation: Reservation) -> list[PartsTask]:
    if reservation.work_order_id:
        return losses_of(work, work_order_id=reservation.work_order_id)
    return losses_of(work, appointment_id=reservation.appointment_id)
