"""Whether an appointment has its order (Rule B6): workshop opens that itself, and hears of it from nobody."""

from sqlalchemy import select

from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment

HAS_ORDER = (
    select(WorkOrder.id)
    .where(
        WorkOrder.dealer_id == FollowedAppointment.dealer_id,
        WorkOrder.appointment_id == FollowedAppointment.id,
        WorkOrder.status != Status.VOID,
    )
    .exists()
)
"""Of a query of appointments: an order was opened for it, and is not void. Whatever booking announced last, it is over."""
