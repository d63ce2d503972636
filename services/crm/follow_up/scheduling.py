"""Planning the follow-up of a delivery, and cancelling it when the delivery is reversed."""

from sqlalchemy.orm import lazyload

from chassis import NotYet, Prefetch, Work
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.crm.customer.customer import Customer
from services.crm.follow_up.follow_up import FollowUp, follow_up_id
from services.crm.settings.crm_settings import CrmSettings
from services.crm.vehicle.declined_work import work_of
from services.crm.vehicle.mileage import MileageReading, delivery_reading_id

_WITHOUT_CONSENTS = (lazyload(Customer.consent_history),)


def prefetch(batch: Prefetch[WorkOrderDelivered]) -> None:
    """Follow-ups, customers and settings, which `schedule` looks for."""
    batch.rows(FollowUp, [(dealer, follow_up_id(event.work_order_id, event.revision)) for dealer, event in batch.received])
    customers = [(dealer, event.customer.customer_id) for dealer, event in batch.received]
    batch.rows(Customer, customers, options=_WITHOUT_CONSENTS)
    batch.rows(CrmSettings, [(dealer, CrmSettings.identity(dealer)) for dealer in batch.dealers])


def schedule(work: Work, event: WorkOrderDelivered) -> None:
    """Plan the follow-up, keep what was declined and what the odometer showed; once, however often the event is received."""
    if work.find(FollowUp, follow_up_id(event.work_order_id, event.revision)) is not None:
        return
    preferred = event.preferred_follow_up_time
    if preferred is None:
        customer = work.find(Customer, event.customer.customer_id, options=_WITHOUT_CONSENTS)
        preferred = customer.preferred_time if customer else None
    times = work.settings(CrmSettings).follow_up_times(event.delivered_at, work.profile.zone, preferred)
    work.add(FollowUp.of(event, times=times, visit_id=work.cause.correlationid if work.cause else None))
    work.add(
        MileageReading(
            id=delivery_reading_id(event.work_order_id, event.revision),
            vehicle_id=event.vehicle.vehicle_id,
            at=event.delivered_at,
            mileage=event.mileage,
            work_order_id=event.work_order_id,
            done=[work_of(line) for line in event.lines],
        )
    )


def cancel(work: Work, event: DeliveryReversed) -> None:
    """Its odometer reading and declined work no longer count either. Raises NotYet if the delivery is not known here yet."""
    found = work.find(FollowUp, follow_up_id(event.work_order_id, event.revision))
    if found is None:
        raise NotYet(f"delivery {event.revision} of {event.work_order_id} is not known here yet", waits_for=event.work_order_id)
    if found.state == "cancelled":
        return
    work.edit(FollowUp, found.id).cancel(at=work.now, reason=event.reason)
    reading = work.find(MileageReading, delivery_reading_id(event.work_order_id, event.revision))
    if reading is not None:
        work.delete(reading)
