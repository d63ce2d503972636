"""Changing a leg together with what it is of: the appointment is locked first, then the order, then the leg (ADR 0086)."""

from sqlalchemy import select

from chassis import Work
from services.workshop.leg.leg import Leg
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment


def hold(work: Work, leg_id: str) -> Leg:
    """The leg to change. Its order, and what others of the same car's appointment are of, stay as they are meanwhile.

    Nobody hands a leg to an order without holding the appointment: which order it is of is read once that is locked.
    """
    appointment_id = work.get(Leg, leg_id).appointment_id
    its = Leg.id == leg_id
    if appointment_id is not None:
        work.lock(FollowedAppointment, appointment_id)
        its = Leg.appointment_id == appointment_id
    of_orders = select(Leg.work_order_id).where(its, Leg.work_order_id.is_not(None)).distinct()
    for row in work.execute(of_orders.order_by(Leg.work_order_id)):
        work.lock(WorkOrder, row.work_order_id)
    return work.edit(Leg, leg_id)
