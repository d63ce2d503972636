"""Keeping what other services announced. The newest fact counts, in any order of arrival."""

from chassis import Work
from contracts.booking.events import AppointmentChanged, AppointmentFulfilled
from contracts.crm.events import CustomerRecorded
from services.billing.projections.appointment import FollowedAppointment
from services.billing.projections.customer import KnownCustomer


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the customer's file."""
    work.project(KnownCustomer, event.customer.customer_id, facts=event.customer.dump())


def follow_appointment(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment as it is now."""
    appointment = event.appointment
    work.project(
        FollowedAppointment,
        appointment.appointment_id,
        visit_id=work.cause.correlationid if work.cause else None,
        status=appointment.status,
        work_order_id=event.work_order_id if isinstance(event, AppointmentFulfilled) else None,
        facts=appointment.dump(),
    )
