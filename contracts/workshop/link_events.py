"""What workshop tells of links for customers: that there are some, never their tokens (Rules W8, W17)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Id, whole
from contracts.workshop.events import WorkOrderEvent
from contracts.workshop.signing_link import LinkableDocument, LinkEnd
from contracts.workshop.visit_link import VisitLinkEnd


class SigningLinkCreated(WorkOrderEvent, type="workshop.signing_link.created"):
    """A one-time link to a document was made for the customer. Its token stands in no event."""

    signing_link_id: Id
    document: LinkableDocument
    document_version: Annotated[int, whole(1)]
    customer_id: Id
    expires_at: datetime


class SigningLinkEnded(WorkOrderEvent, type="workshop.signing_link.ended"):
    """A one-time link leads to nothing more that could be decided on: it was used, withdrawn, or replaced by a newer one."""

    signing_link_id: Id
    ended: LinkEnd


class VisitLinkCreated(WorkOrderEvent, type="workshop.visit_link.created"):
    """A lasting link to the order was made for its customer (Rule W17). Its token stands in no event."""

    visit_link_id: Id
    customer_id: Id
    expires_at: datetime


class VisitLinkEnded(WorkOrderEvent, type="workshop.visit_link.ended"):
    """The customer's link to the order leads nowhere any more: it was withdrawn, or replaced by a newer one."""

    visit_link_id: Id
    ended: VisitLinkEnd
