"""Recalling customers' files that were told, once the database was restored from a backup (Rule C1)."""

from chassis import Work
from contracts.crm.customer import CustomerDetails
from contracts.crm.events import CustomerRecorded
from services.crm.customer.customer import Customer


def recall_file(work: Work, event: CustomerRecorded) -> None:
    """The file says again what all were told. Consents and the preferred time were told to nobody: they are as in the backup."""
    told = event.customer
    customer = work.lock(Customer, told.customer_id)
    if customer is None:
        customer = Customer(id=told.customer_id, version=work.cause.sequence if work.cause else 1)
        work.add(customer)
    else:
        work.change(customer)
    details = CustomerDetails(
        name=told.name,
        phone=told.phone,
        email=told.email,
        preferred_channel=told.preferred_channel,
        preferred_time=customer.preferred_time,
        address=told.address,
        tax_number=told.tax_number,
    )
    customer.record(details, at=work.happened_at, country=work.profile.country)
