"""Recalling customers' files that were told, once the database was restored from a backup (Rule C1)."""

from typing import TypeVar

from chassis import Aggregate, Work
from contracts.crm.customer import CustomerDetails
from contracts.crm.events import CustomerRecorded
from services.crm.customer.customer import Customer

A = TypeVar("A", bound=Aggregate)


def told_again(work: Work, kind: type[A], file_id: str) -> A:
    """A file, to be changed to what all were told of it; one that is forgotten whole is there anew, as new as it was told."""
    file = work.lock(kind, file_id)
    if file is None:
        file = kind(id=file_id, version=work.cause.sequence if work.cause else 1)
        work.add(file)
    else:
        work.change(file)
    return file


def recall_file(work: Work, event: CustomerRecorded) -> None:
    """The file says again what all were told. Consents and the preferred time were told to nobody: they are as in the backup."""
    told = event.customer
    customer = told_again(work, Customer, told.customer_id)
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
