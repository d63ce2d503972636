"""Opening and changing a customer's file."""

from chassis import Work
from contracts.crm.customer import ChangeCustomer, RegisterCustomer
from services.crm.customer.customer import Customer


def register(work: Work, command: RegisterCustomer) -> Customer:
    """Open a customer's file."""
    customer = Customer()
    work.add(customer)
    customer.record(command, at=work.now, country=work.profile.country)
    return customer


def change(work: Work, command: ChangeCustomer) -> Customer:
    """Replace a customer's facts; consents are added."""
    customer = work.edit(Customer, command.customer_id)
    customer.record(command, at=work.now, country=work.profile.country)
    return customer
