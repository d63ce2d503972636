"""The customer's file. Searching customers, which goes by plate too, is a query of vehicle."""

from chassis import Work
from contracts.crm.customer import GetCustomer
from services.crm.customer.customer import Customer


def get_customer(work: Work, query: GetCustomer) -> Customer:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Customer, query.customer_id)
