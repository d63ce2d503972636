"""What the booking desk owes customers, in one answer."""

from datetime import datetime

from chassis.wire import Answer, Query
from contracts.crm.call import Call
from contracts.crm.enquiry import Enquiry
from contracts.shared import Colleague


class DeskQueue(Answer):
    """What is promised to customers and not done yet, what is due first first; of each at most 100, and how many there are.

    `colleagues` are those who may see to it."""

    as_of: datetime
    call_backs: list[Call]
    call_back_count: int
    enquiries: list[Enquiry]
    enquiry_count: int
    colleagues: list[Colleague]


class GetDeskQueue(Query, service="crm", answer=DeskQueue):
    """Show what the desk owes customers.

    The call-backs that were promised (Rule B7) and the enquiries that wait for their answer (Rule B13), what is due first first.
    """
