"""Dismissing declined work: it is proposed no more (Rule W8)."""

from sqlalchemy import update

from chassis import Work
from contracts.workshop.declined_work import DeclinedBeforeOfCar, DismissDeclinedWork
from services.workshop.order.declined_work import IS_OPEN, DeclinedWork, named_of, open_of, shown, vin_of


def dismiss(work: Work, command: DismissDeclinedWork) -> DeclinedBeforeOfCar:
    """It is proposed no more, whoever declined it where. Raises NotFound for what is not proposed for this car."""
    vin = vin_of(work, command.vehicle_id)
    [found] = named_of(open_of(work, vin), [command.declined_work_id])
    of_car = DeclinedWork.vin == vin, DeclinedWork.work_key == found.work_key, *IS_OPEN
    ended = {"dismissed_at": work.now, "dismissed_because": command.reason}
    work.execute(update(DeclinedWork).where(*of_car).values(**ended))
    return shown(work, vin)
