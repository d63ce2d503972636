"""Whoever has the lasting link of an order: by its token's hash, which is what the gateway passes on."""

import hashlib
import secrets
from typing import Any

from contracts.signing import Signing
from contracts.workshop.evidence import Attachment
from contracts.workshop.linked import ApproveByLink, DeclineByLink, GetLinkedPicture, LinkReceipt
from contracts.workshop.order import WorkOrder
from contracts.workshop.visit import GetLinkedVisit, LinkedVisit, VisitRequest
from contracts.workshop.visit_link import CreateVisitLink, VisitLink
from tests.services.workshop.shop import Shop


class Visitor:
    """A customer with a phone."""

    def __init__(self, shop: Shop) -> None:
        self.desk = shop.desk
        self.token_hash = hashlib.sha256(secrets.token_bytes(32)).hexdigest()

    def sees(self, dealer: str = "sh-pudong") -> LinkedVisit:
        return self.desk.ask(GetLinkedVisit(token_hash=self.token_hash), dealer=dealer)

    def looks_at(self, attachment_id: str) -> Attachment:
        return self.desk.ask(GetLinkedPicture(token_hash=self.token_hash, attachment_id=attachment_id))

    def approves(self, asked: VisitRequest, **how: Any) -> LinkReceipt:
        return self.desk.do(ApproveByLink(token_hash=self.token_hash, **_decision(asked, how)), actor="link")

    def declines(self, asked: VisitRequest, reason: str = "too dear", **how: Any) -> LinkReceipt:
        decision = _decision(asked, how)
        return self.desk.do(DeclineByLink(token_hash=self.token_hash, reason=reason, **decision), actor="link")


def _decision(asked: VisitRequest, how: dict[str, Any]) -> dict[str, Any]:
    signing = {"means": "typed", "name": "Li Na", "document_hash": asked.document_hash, **how}
    return {"line_ids": asked.waiting_line_ids, "signature": Signing(**signing)}


def visitor(shop: Shop, order: WorkOrder) -> tuple[Visitor, VisitLink]:
    """A customer who was sent a link to their order."""
    comes = Visitor(shop)
    return comes, shop.desk.do(CreateVisitLink(work_order_id=order.id, token_hash=comes.token_hash))
