"""An order's promise as it is shown."""

from sqlalchemy import select

from chassis import Work
from contracts.workshop import promise as contract
from contracts.workshop.promise import GetPromise
from services.workshop.order.promise import Promise, PromiseRevision, PromiseRisk
from services.workshop.order.work_order import WorkOrder
from services.workshop.promise.finding import find


def get_promise(work: Work, query: GetPromise) -> contract.Promise:
    """With how it would be worked out now. Raises NotFound, also when it is another dealer's."""
    return describe(work, work.get(WorkOrder, query.work_order_id))


def describe(work: Work, order: WorkOrder) -> contract.Promise:
    """All there is to know of it."""
    promise = work.find(Promise, order.id)
    revisions = select(PromiseRevision).where(PromiseRevision.work_order_id == order.id).order_by(PromiseRevision.revision_number)
    risks = select(PromiseRisk).where(PromiseRisk.work_order_id == order.id).order_by(PromiseRisk.told_at)
    return contract.Promise(
        work_order_id=order.id,
        promised_at=order.promised_at,
        first_promised_at=None if promise is None else promise.first_at,
        at_risk_at=None if promise is None else promise.at_risk_at,
        expected_at=None if promise is None else promise.expected_at,
        found=find(work, order),
        revisions=[one.describe() for one in work.all(revisions)],
        risks=[one.describe() for one in work.all(risks)],
    )
