"""Enquiries, open and answered."""

from sqlalchemy import select

from chassis import Work, matching, sorted_page
from contracts.crm.enquiry import Enquiries, GetEnquiry, ListEnquiries
from services.crm.enquiry.enquiry import Enquiry


def get_enquiry(work: Work, query: GetEnquiry) -> Enquiry:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Enquiry, query.enquiry_id)


def list_enquiries(work: Work, query: ListEnquiries) -> Enquiries:
    """Those that wait longest come first, unless another order is asked for."""
    found = select(Enquiry).where(
        *matching((Enquiry.state, query.state), (Enquiry.assignee, query.assignee), (Enquiry.customer_id, query.customer_id))
    )
    by = {"received_at": Enquiry.received_at, "updated_at": Enquiry.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=Enquiry.id)
    return Enquiries(items=[row.describe() for row in rows], next_cursor=cursor)
