"""A car's trips (Rule B14, docs/domain.md): fetched and home again, and once more for the same appointment or order.

A trip is over when the car was brought back, or its customer fetched it themselves.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from chassis import Work
from services.workshop.leg.leg import Leg
from services.workshop.order.opened_for import HAS_ORDER
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment

OFF = ("cancelled", "no_show")
TO_COME = ("requested", "confirmed")
ACCEPTED = (Status.DELIVERED, Status.CLOSED)
"""The customer accepted the work."""
BROUGHT_BACK = (Status.READY, *ACCEPTED)
"""The car is ready to go."""
LEAVES = (*ACCEPTED, Status.VOID)
"""The customer accepted the work, or there is none: nothing keeps the car here."""
OVER = or_(and_(Leg.direction == "return", Leg.state == "done"), and_(Leg.direction == "pick_up", Leg.collected_at.is_not(None)))


def comes(work: Work, appointment: FollowedAppointment) -> bool:
    """Whether its car is still to come: an order that was opened for it says that it is here, before booking does."""
    its = FollowedAppointment.id == appointment.id, HAS_ORDER
    return appointment.status in TO_COME and work.first(select(FollowedAppointment.id).where(*its)) is None


def next_trip(work: Work, about: dict[str, Any]) -> int:
    """The number of the trip that is on, or comes next, of the car of an appointment or an order."""
    found = select(func.max(Leg.trip)).where(_of(about["appointment_id"], about.get("work_order_id")), OVER)
    [last] = work.execute(found)
    return int(last[0] or 0) + 1


def fetched(work: Work, appointment_id: str) -> Leg | None:
    """The pick-up by which the car came here. It goes back to its customer, whatever becomes of the appointment.

    None once it was brought back, or the customer fetched it themselves.
    """
    done = Leg.appointment_id == appointment_id, Leg.direction == "pick_up", Leg.state == "done", Leg.collected_at.is_(None)
    back = aliased(Leg)
    same = back.dealer_id == Leg.dealer_id, back.appointment_id == Leg.appointment_id, back.trip == Leg.trip
    home = select(back.id).where(*same, back.direction == "return", back.state == "done").exists()
    return work.first(select(Leg).where(*done, ~home))


def brought_by(work: Work, order: WorkOrder) -> list[str]:
    """The appointments whose legs are an order's: its own, and those that are off though the car that they fetched is here."""
    its = FollowedAppointment.vehicle_id == order.vehicle_id, FollowedAppointment.status.in_(OFF)
    came = Leg.appointment_id == FollowedAppointment.id, Leg.direction == "pick_up", Leg.state == "done"
    nobodys = Leg.collected_at.is_(None), Leg.work_order_id.is_(None), Leg.dealer_id == FollowedAppointment.dealer_id
    off = work.all(select(FollowedAppointment).where(*its, select(Leg.id).where(*came, *nobodys).exists()))
    others = [one.id for one in off if fetched(work, one.id) is not None]
    return others if order.appointment_id is None else [order.appointment_id, *others]


def taken_by(work: Work, leg: Leg) -> Leg | None:
    """The pick-up of the same trip that a return belongs to; None if nobody fetched the car, or its customer did."""
    its = Leg.appointment_id == leg.appointment_id, Leg.trip == leg.trip, Leg.direction == "pick_up"
    return work.first(select(Leg).where(*its, Leg.state == "done", Leg.collected_at.is_(None)))


def vehicle_of(work: Work, leg: Leg) -> str | None:
    """The car of its order, else of its appointment; None while that is not known here."""
    if leg.work_order_id is not None:
        return work.get(WorkOrder, leg.work_order_id).vehicle_id
    known = None if leg.appointment_id is None else work.find(FollowedAppointment, leg.appointment_id)
    return None if known is None else known.appointment.vehicle.vehicle_id


def is_home(work: Work, order: WorkOrder) -> bool:
    """Whether the car was brought back and not fetched since."""
    its = _of(order.appointment_id, order.id)
    over, fetches = (work.first(select(func.max(Leg.trip)).where(its, which)) or 0 for which in (OVER, _done("pick_up")))
    return over > 0 and over >= fetches


def is_fetched(work: Work, order: WorkOrder) -> bool:
    """Whether a driver fetched the car, and it is not home again."""
    came = _done("pick_up"), Leg.collected_at.is_(None), _of(order.appointment_id, order.id)
    return work.first(select(Leg.id).where(*came)) is not None and not is_home(work, order)


def waits(work: Work, pick_up: Leg) -> bool:
    """Whether a car that was fetched is here, and its appointment on another day: moved since, far ahead, or over."""
    if pick_up.work_order_id is not None or pick_up.appointment_id is None:
        return False
    known = work.get(FollowedAppointment, pick_up.appointment_id)
    starts_at, local = known.appointment.starts_at, work.profile.local
    ahead = local(starts_at).date() - local(work.now).date()
    was_moved = pick_up.appointment_at != starts_at
    return known.status in TO_COME and (ahead < timedelta() or ahead > timedelta(days=0 if was_moved else 1))


def _done(direction: str) -> ColumnElement[bool]:
    return and_(Leg.direction == direction, Leg.state == "done")


def _of(appointment_id: str | None, work_order_id: str | None) -> ColumnElement[bool]:
    named = [key == one for key, one in ((Leg.appointment_id, appointment_id), (Leg.work_order_id, work_order_id)) if one]
    return or_(*named)
