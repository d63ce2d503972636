"""Keeping what an order says of its car's odometer (Rules C1, W2): read at the opening, put right at the car, or a mistake."""

from chassis import NotYet, Work
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided
from contracts.workshop.reception_events import WalkAroundSigned
from services.crm.vehicle.mileage import MileageReading, opening_reading_id


def record(work: Work, event: WorkOrderOpened) -> None:
    """Keep what the odometer showed at reception, if anybody looked; what the customer has signed since stays."""
    identity = opening_reading_id(event.work_order_id)
    if event.mileage is None or work.find(MileageReading, identity) is not None:
        return
    work.add(
        MileageReading(
            id=identity,
            vehicle_id=event.vehicle.vehicle_id,
            at=work.happened_at,
            mileage=event.mileage,
            reason=event.mileage_reason,
            work_order_id=event.work_order_id,
        )
    )


def correct(work: Work, event: WalkAroundSigned) -> None:
    """What the customer signed last is what it showed, whatever was typed as the order was opened."""
    if event.vehicle_id is None:
        return  # told by a workshop that did not say which car
    identity = opening_reading_id(event.work_order_id)
    told = {"at": event.signed_at, "mileage": event.mileage, "reason": event.mileage_reason}
    known = work.lock(MileageReading, identity)
    if known is None:
        known = MileageReading(id=identity, vehicle_id=event.vehicle_id, work_order_id=event.work_order_id, **told)
        work.add(known)
    elif known.at < event.signed_at:
        known.at, known.mileage, known.reason = event.signed_at, event.mileage, event.mileage_reason


def forget(work: Work, event: WorkOrderVoided) -> None:
    """The order was a mistake, and what was read for it counts no more. Raises NotYet if the reading is not known here yet."""
    known = work.lock(MileageReading, opening_reading_id(event.work_order_id))
    if known is None and event.mileage is not None:
        raise NotYet(f"the opening of {event.work_order_id} is not known here yet", waits_for=event.work_order_id)
    if known is not None:
        known.void = True
