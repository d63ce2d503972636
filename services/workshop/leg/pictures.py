"""What is attached to an order, with what drivers photographed where its car was fetched and brought (Rules B14, W31).

A photo of a leg stays the leg's, and is copied nowhere; whoever may read the leg's order reads it with the order.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, union_all

from chassis import NotFound, Work, matching, page
from contracts.workshop import evidence
from contracts.workshop.evidence import GetAttachment, ListAttachments
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.queries import newest_among
from services.workshop.leg.leg import Leg
from services.workshop.order.work_order import WorkOrder


def of_order(work: Work, work_order_id: str, attachment_id: str) -> Attachment:
    """The attachment, for whoever may read the order: the one place where that is decided.

    Raises NotFound, also when it is another order's or another dealer's.
    """
    found = work.get(Attachment, attachment_id)
    its_order = work.get(Leg, found.leg_id).work_order_id if found.leg_id is not None else found.work_order_id
    if its_order != work_order_id:
        raise NotFound("not_found", kind="attachment", id=attachment_id)
    return found


def get_attachment(work: Work, query: GetAttachment) -> evidence.Attachment:
    """What the gateway delivers content and thumbnail by, too."""
    return of_order(work, query.work_order_id, query.attachment_id).describe()


def list_attachments(work: Work, query: ListAttachments) -> evidence.Attachments:
    """Those of one order."""
    work.get(WorkOrder, query.work_order_id)
    its: ColumnElement[bool] = Attachment.work_order_id == query.work_order_id
    legs = _legs_of(work, query.work_order_id)
    if legs:  # each by its own index: with `or` a long history would be read
        both = select(Attachment.id).where(its), select(Attachment.id).where(Attachment.leg_id.in_(legs))
        its = Attachment.id.in_(union_all(*both))
    found = select(Attachment).where(its, *matching((Attachment.kind, query.kind)))
    rows, cursor = page(work, found, query, keys=[Attachment.id])
    return evidence.Attachments(items=[row.describe() for row in rows], next_cursor=cursor)


def newest_at_the_door(work: Work, work_order_id: str) -> list[evidence.Attachment]:
    """The newest that drivers took, as many as a screen shows."""
    legs = _legs_of(work, work_order_id)
    return newest_among(work, Attachment.leg_id.in_(legs)) if legs else []


def _legs_of(work: Work, work_order_id: str) -> Sequence[str]:
    return work.all(select(Leg.id).where(Leg.work_order_id == work_order_id).order_by(Leg.id))
