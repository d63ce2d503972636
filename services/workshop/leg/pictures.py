"""What is attached to an order, with what drivers photographed where its car was fetched and brought (Rules B14, W31).

A photo of a leg stays the leg's, and is copied nowhere; whoever may read the leg's order reads it with the order.
"""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import NotFound, Work
from contracts.workshop import evidence
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.queries import newest_among
from services.workshop.leg.leg import Leg


def of_order(work: Work, work_order_id: str, attachment_id: str) -> Attachment:
    """The attachment, for whoever may read the order: the one place where that is decided.

    Raises NotFound, also when it is another order's or another dealer's.
    """
    found = work.get(Attachment, attachment_id)
    its_order = work.get(Leg, found.leg_id).work_order_id if found.leg_id is not None else found.work_order_id
    if its_order != work_order_id:
        raise NotFound("not_found", kind="attachment", id=attachment_id)
    return found


def newest_at_the_door(work: Work, work_order_id: str) -> list[evidence.Attachment]:
    """The newest that drivers took, as many as a screen shows."""
    legs = legs_of(work, work_order_id)
    return newest_among(work, Attachment.leg_id.in_(legs)) if legs else []


def legs_of(work: Work, work_order_id: str) -> Sequence[str]:
    """The legs of an order."""
    return work.all(select(Leg.id).where(Leg.work_order_id == work_order_id).order_by(Leg.id))
