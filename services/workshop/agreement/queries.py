"""Questions about estimates and the authorisation ledger."""

from sqlalchemy import select

from chassis import NotFound, Work
from contracts.workshop import agreement
from contracts.workshop.agreement import GetEstimate, ListAuthorisations
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.estimate import Estimate
from services.workshop.order.work_order import WorkOrder


def get_estimate(work: Work, query: GetEstimate) -> agreement.Estimate:
    """As it was put before the customer."""
    version = query.estimate_version or work.get(WorkOrder, query.work_order_id).estimate_version
    found = work.find(Estimate, Estimate.identity(query.work_order_id, version))
    if found is None:
        raise NotFound("not_found", kind="estimate", id=str(version))
    return found.document.describe()


def list_authorisations(work: Work, query: ListAuthorisations) -> agreement.Authorisations:
    """The whole ledger of one order."""
    work.get(WorkOrder, query.work_order_id)
    rows = work.all(select(Authorisation).where(Authorisation.work_order_id == query.work_order_id).order_by(Authorisation.id))
    return agreement.Authorisations(items=[row.describe() for row in rows])
