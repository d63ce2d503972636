"""Issuing completion certificates, and needing one (Rule W32)."""

from chassis import Refused, Work
from contracts.workshop.comeback import WorkClass
from contracts.workshop.completion import IssueCompletionCertificate
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.completion.voiding import standing
from services.workshop.delivery_time.settings import DeliverySettings
from services.workshop.order.comeback import classes_of
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder

EVER = frozenset({"second_level", "overhaul", "special"})
"""Classes of work that may need one: of others nobody asks what the dealer has set."""


def issue(work: Work, command: IssueCompletionCertificate) -> CompletionCertificate:
    """Raises Refused before the inspection was passed, for a car that needs none, and when there is one."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.CERTIFY)
    if order.quality_passed_by is None:
        raise Refused("quality_not_passed")
    classes = certified_classes(work, order)
    if not classes:
        raise Refused("no_certificate_needed")
    if standing(work, order, order.revision + 1) is not None:
        raise Refused("completion_certified")
    issued = CompletionCertificate.issue(work, order, classes)
    work.add(issued)
    return issued


def require_certified(work: Work, order: WorkOrder) -> None:
    """Raises Refused for a car whose work needs a certificate that was not issued for this delivery."""
    if certified_classes(work, order) and standing(work, order, order.revision + 1) is None:
        raise Refused("completion_not_certified")


def certified_classes(work: Work, order: WorkOrder) -> list[WorkClass]:
    """The classes of work on the car that need a certificate; none for most."""
    done = classes_of(order.lines)
    if not done & EVER:
        return []
    return sorted(done & set(work.settings(DeliverySettings).certified_classes))
