"""Needing a completion certificate (Rule W32)."""

from collections.abc import Iterator

from chassis import Refused, Work
from contracts.workshop.comeback import WorkClass
from services.workshop.completion.voiding import standing
from services.workshop.delivery_time.settings import DeliverySettings
from services.workshop.order.comeback import classes_of
from services.workshop.order.work_order import WorkOrder

EVER = frozenset({"second_level", "overhaul", "assembly", "special"})
"""Classes of work that may need one: of others nobody asks what the dealer has set."""


def uncertified(work: Work, order: WorkOrder) -> Iterator[Refused]:
    """That the car's work needs a certificate, of which none counts for its next delivery."""
    if certified_classes(work, order) and standing(work, order, order.revision + 1) is None:
        yield Refused("completion_not_certified")


def certified_classes(work: Work, order: WorkOrder) -> list[WorkClass]:
    """The classes of work on the car that need a certificate; none for most."""
    done = classes_of(order.lines)
    if not done & EVER:
        return []
    return sorted(done & set(work.settings(DeliverySettings).certified_classes))
