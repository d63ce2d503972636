"""The reservation of an appointment or a work order, whichever of their events came first."""

from chassis import NotFound, Work
from services.parts.reservation.reservation import Reservation


def known_reservation(work: Work, *, appointment_id: str | None = None, work_order_id: str | None = None) -> Reservation | None:
    """The reservation of an appointment or a work order, to be changed, if there is one. The caller has opened the stock."""
    try:
        # edit also finds one that an earlier message of this batch has made and that is not written yet.
        return work.edit(Reservation, Reservation.id_for(appointment_id=appointment_id, work_order_id=work_order_id))
    except NotFound:
        return None


def reservation_for(work: Work, *, appointment_id: str | None = None, work_order_id: str | None = None) -> Reservation:
    """The reservation of an appointment or a work order, to be changed; a new one if this is the first event of it to arrive."""
    found = known_reservation(work, appointment_id=appointment_id, work_order_id=work_order_id)
    if found is None:
        found = Reservation(
            id=Reservation.id_for(appointment_id=appointment_id, work_order_id=work_order_id),
            appointment_id=appointment_id,
            work_order_id=work_order_id,
            needed_at=work.now,
            opened_at=work.now,
            visit_id=work.cause.correlationid if work.cause else None,
        )
        work.add(found)
    return found
