"""Issuing completion certificates (Rule W32): by somebody who did none of the work."""

from chassis import Refused, Work
from contracts.workshop.completion import IssueCompletionCertificate
from services.workshop.completion.certifying import certified_classes
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.completion.voiding import standing
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.person import with_other_accounts
from services.workshop.projections.slip import who_handed_out
from services.workshop.shop_floor.clocking import clockings_of
from services.workshop.shop_floor.qualification import require_certified
from services.workshop.shop_floor.quality_check import hands_on


def issue(work: Work, command: IssueCompletionCertificate) -> CompletionCertificate:
    """Raises Refused before the inspection was passed, for a car that needs none, when there is one, to who did the work,
    and to who is not certified for the inspection any more."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.CERTIFY)
    if order.quality_passed_by is None:
        raise Refused("quality_not_passed")
    classes = certified_classes(work, order)
    if not classes:
        raise Refused("no_certificate_needed")
    if standing(work, order, order.revision + 1) is not None:
        raise Refused("completion_certified")
    hands = hands_on(order, clockings_of(work, order), who_handed_out(work, order.id))
    if work.actor in with_other_accounts(work, hands):
        raise Refused("inspector_did_the_work", inspector=work.actor)
    require_certified(work, work.actor, [line for line in order.lines if line.on_the_car], to="inspection")
    issued = CompletionCertificate.issue(work, order, classes)
    work.add(issued)
    return issued
