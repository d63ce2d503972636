"""One car, two appointments on one day: mostly a mistake, sometimes meant (Rule B1, docs/domain.md)."""

from datetime import datetime

from sqlalchemy import select

from chassis import Refused, Work
from services.booking.appointment.appointment import AWAITED, Appointment

LIVE = (*AWAITED, "wait_listed", "arrived")
"""The car is still to come, or is here without an order."""


def refuse_second(work: Work, vehicle_id: str, starts_at: datetime, *, but: Appointment | None = None) -> None:
    """Raises Refused naming the time of the car's other appointment on that local day. The caller holds the places."""
    day = work.profile.local(starts_at).date()
    others = select(Appointment.starts_at).where(
        Appointment.vehicle_id == vehicle_id,
        Appointment.status.in_(LIVE),
        *work.profile.within(Appointment.starts_at, day, day),
    )
    if but is not None:
        others = others.where(Appointment.id != but.id)
    with work.without_autoflush():
        other = work.first(others.order_by(Appointment.starts_at))
    if other is not None:
        raise Refused("car_has_appointment", starts_at=other)
