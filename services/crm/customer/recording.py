"""Opening and changing a customer's file."""

from sqlalchemy import select

from chassis import Refused, Work
from contracts.crm.customer import ChangeCustomer, CustomerDetails, RegisterCustomer
from services.crm.customer.customer import Customer


def register(work: Work, command: RegisterCustomer) -> Customer:
    """Open a customer's file. Raises Refused where there is one of this name and phone, unless a second one is confirmed."""
    customer = Customer()
    work.add(customer)
    _record(work, customer, command)
    return customer


def change(work: Work, command: ChangeCustomer) -> Customer:
    """Replace a customer's facts; consents are added. Raises as `register` does, if it is the change that makes two alike."""
    customer = work.edit(Customer, command.customer_id)
    _record(work, customer, command)
    return customer


def _record(work: Work, customer: Customer, details: CustomerDetails) -> None:
    before = customer.called
    customer.record(details, at=work.now, country=work.profile.country)
    if customer.called != before and not details.confirm_second_file:
        _refuse_second(work, customer)


def _refuse_second(work: Work, customer: Customer) -> None:
    name, phone = customer.called
    its = Customer.phone_key == phone, Customer.name_forms == name, Customer.id != customer.id
    with work.without_autoflush():
        work.advisory_lock("crm.customers")  # of two who register somebody at once, the second one sees the first one's file
        other = work.first(select(Customer).where(*its).order_by(Customer.id))
    if other is not None:
        raise Refused("customer_on_file", customer_name=other.name, customer_id=other.id)
