"""One-time links: a customer who is not here decides on an estimate, once, as at the desk (Rules W8, W31)."""

import hashlib
import secrets
from typing import Any

import pytest
from eventlet import GreenPool

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from contracts.signing import Signing
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    DeclineLines,
    ListAuthorisations,
    ProposeAdditionalWork,
)
from contracts.workshop.events import WorkApproved, WorkDeclined
from contracts.workshop.link_events import SigningLinkCreated, SigningLinkEnded
from contracts.workshop.linked import (
    ApproveByLink,
    DeclineByLink,
    GetLinkedDocument,
    LinkedDocument,
    LinkReceipt,
)
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.signing_link import CreateSigningLink, SigningLink, WithdrawSigningLink
from tests.services.history import conditions, grow
from tests.services.workshop.shop import Shop, labour, line_id, part, signed

STROKES = "60,120 95,60 130,140;240,60 250,140"


class Holder:
    """Whoever has a link: by its token's hash, which is what the gateway passes on."""

    def __init__(self, shop: Shop) -> None:
        self.desk = shop.desk
        self.token_hash = hashlib.sha256(secrets.token_bytes(32)).hexdigest()

    def sees(self, dealer: str = "sh-pudong") -> LinkedDocument:
        return self.desk.ask(GetLinkedDocument(token_hash=self.token_hash), dealer=dealer)

    def approves(self, seen: LinkedDocument | None = None, key: str | None = None, **how: Any) -> LinkReceipt:
        decision = self._decision(seen or self.sees(), how)
        return self.desk.do(ApproveByLink(token_hash=self.token_hash, **decision), actor="link", key=key)

    def declines(self, reason: str = "too dear", **how: Any) -> LinkReceipt:
        decision = self._decision(self.sees(), how)
        return self.desk.do(DeclineByLink(token_hash=self.token_hash, reason=reason, **decision), actor="link")

    @staticmethod
    def _decision(seen: LinkedDocument, how: dict[str, Any]) -> dict[str, Any]:
        signing = {"means": "typed", "name": "Li Na", "document_hash": seen.estimate.document_hash, **how}
        return {"line_ids": seen.open_line_ids, "signature": Signing(**signing)}


def linked(shop: Shop, order: WorkOrder, version: int | None = None, **more: Any) -> tuple[Holder, SigningLink]:
    holder = Holder(shop)
    asked = {"estimate_version": version or order.estimate_version, "token_hash": holder.token_hash, **more}
    return holder, shop.desk.do(CreateSigningLink(work_order_id=order.id, **asked))


def propose(shop: Shop, order: WorkOrder, **more: Any) -> WorkOrder:
    return shop.desk.do(ProposeAdditionalWork(work_order_id=order.id, **more))


def refused(ask: Any) -> str:
    with pytest.raises(Refused) as told:
        ask()
    return told.value.code


def test_an_approval_by_link_is_one_as_at_the_desk(shop: Shop) -> None:
    """Rule W8: the same fact with the same parts, the ledger says that it came by link, and the signature is of what was seen."""
    at_desk, by_link = (shop.quoted(shop.open()) for _ in range(2))
    shop.approve(at_desk)
    holder, link = linked(shop, by_link)
    seen = holder.sees()
    assert (seen.dealer_name, seen.order_number, seen.plate, seen.make) == ("sh-pudong", by_link.number, "沪A12345", "Volvo")
    assert (len(seen.estimate.lines), len(seen.open_line_ids), seen.receipt) == (3, 3, None)
    receipt = holder.approves(seen, means="drawn", strokes=STROKES)
    assert (receipt.decision, receipt.line_numbers, receipt.name, receipt.verified) == ("approved", [1, 2, 3], "Li Na", True)
    one, other = shop.desk.announced(WorkApproved)
    assert [(each.part_number, each.quantity) for each in one.parts] == [
        (each.part_number, each.quantity) for each in other.parts
    ]
    ledger = shop.desk.ask(ListAuthorisations(work_order_id=by_link.id))
    [entry] = ledger.items
    assert (entry.decision, entry.means, entry.name, entry.recorded_by) == ("approved", "link", "Li Na", "link")
    assert (entry.signature.means, entry.signature.strokes, entry.signature.verified) == ("link", STROKES, True)
    assert (entry.estimate_hash, entry.signature.document_hash) == (link.document_hash, receipt.document_hash)
    assert [(each.ended, each.created_by) for each in ledger.links] == [("used", "wang")]
    assert [line.state for line in shop.now(by_link).lines] == ["approved"] * 3
    shop.clock_on(shop.dispatched(by_link))


def test_a_used_link_shows_its_receipt_and_decides_nothing_more(shop: Shop) -> None:
    """Rule W8: used once; whoever repeats the same request is answered as before; the receipt is there for 30 days."""
    order = shop.quoted(shop.open())
    holder, _ = linked(shop, order)
    seen = holder.sees()
    receipt = holder.approves(seen, key="tap")
    assert holder.approves(seen, key="tap") == receipt, "a double click, or a repeat after 504"
    assert refused(lambda: holder.approves(seen)) == "link_used"
    assert len(shop.desk.announced(WorkApproved)) == 1
    again = holder.sees()
    assert (again.receipt, again.open_line_ids, again.pictures) == (receipt, [], [])
    assert [one.ended for one in shop.desk.announced(SigningLinkEnded)] == ["used"]
    shop.desk.pass_time(days=30)
    assert refused(holder.sees) == "link_expired"


def test_a_safety_line_is_declined_by_link_with_reason_and_signature(shop: Shop) -> None:
    """Rule W8: declined is what waits, and what was decided at the desk meanwhile stays as it is."""
    order = shop.quoted(shop.open(), labour=[labour(safety=True), labour("OIL")])
    holder, _ = linked(shop, order)
    before = holder.sees()
    decline = {"line_ids": [line_id(order, 2)], "reason": "done elsewhere"}
    shop.desk.do(DeclineLines(work_order_id=order.id, **decline, decision=signed()))
    with pytest.raises(PreconditionFailed, match="document_changed"):
        holder.approves(before)
    receipt = holder.declines("next month")
    assert (receipt.decision, receipt.line_numbers, receipt.reason) == ("declined", [1], "next month")
    assert [one.declined[0].reason for one in shop.desk.announced(WorkDeclined)] == ["done elsewhere", "next month"]
    entry = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items[-1]
    assert (entry.means, entry.estimate_version, entry.lines[0].safety, entry.signature.verified) == ("link", 1, True, True)


def test_additional_work_is_decided_by_link_with_its_minutes(shop: Shop) -> None:
    """Rule W8: the promise moves as it does at the desk."""
    order = shop.dispatched(shop.approved(labour=[labour()]))
    order = propose(shop, order, labour=[labour("OIL")], extra_minutes=30)
    holder, link = linked(shop, order)
    assert (link.document, holder.sees().estimate.extra_minutes) == ("additional_work", 30)
    holder.approves()
    assert (shop.now(order).promised_at - order.promised_at).total_seconds() == 30 * 60


def test_a_link_ends_when_it_expires_is_withdrawn_or_gives_way_to_a_newer_one(shop: Shop) -> None:
    """Rule W8: 72 hours by default; of one version one link is open; each end has its name."""
    order = shop.quoted(shop.open())
    first, _ = linked(shop, order)
    second, link = linked(shop, order)
    assert refused(first.sees) == refused(lambda: first.approves(second.sees())) == "link_replaced"
    withdraw = WithdrawSigningLink(work_order_id=order.id, signing_link_id=link.id)
    with pytest.raises(NotFound):
        shop.desk.do(WithdrawSigningLink(work_order_id=shop.open().id, signing_link_id=link.id))
    assert shop.desk.do(withdraw).ended == "withdrawn"
    assert refused(second.sees) == refused(lambda: shop.desk.do(withdraw)) == "link_withdrawn"
    third, link = linked(shop, order)
    assert (link.expires_at - link.created_at).total_seconds() == 72 * 3600
    seen = third.sees()
    shop.desk.pass_time(hours=72)
    assert refused(third.sees) == refused(lambda: third.approves(seen)) == "link_expired"
    assert [one.ended for one in shop.desk.announced(SigningLinkEnded)] == ["replaced", "withdrawn"]
    assert shop.desk.announced(WorkApproved) == []


def test_a_link_to_what_no_longer_waits_is_refused(shop: Shop) -> None:
    """Rule W8: a newer version, a decision at the desk, a void order; and no link is made to such."""
    order = shop.quoted(shop.open(), labour=[labour()])
    old, _ = linked(shop, order)
    order = shop.quoted(order, parts=[part()])
    assert refused(old.sees) == refused(lambda: linked(shop, order, 1)) == "estimate_lapsed"
    holder, _ = linked(shop, order)
    seen = holder.sees()
    shop.desk.do(ApproveEstimate(work_order_id=order.id, estimate_version=2, decision=signed()))
    assert refused(lambda: holder.approves(seen)) == refused(holder.sees) == "estimate_lapsed"
    gone = shop.quoted(shop.open())
    lost, _ = linked(shop, gone)
    shop.desk.do(VoidWorkOrder(work_order_id=gone.id, reason="customer left"))
    assert refused(lost.sees) == "link_order_void"
    assert refused(lambda: linked(shop, gone)) == "not_in_this_status"


def test_nobody_finds_a_link_by_another_hash_or_at_another_dealer(shop: Shop) -> None:
    """Rule W8: one that is another dealer's, and one that never was, look alike; the same token makes no second link."""
    order = shop.quoted(shop.open())
    holder, link = linked(shop, order)
    with pytest.raises(NotFound) as elsewhere:
        holder.sees("bj-chaoyang")
    with pytest.raises(NotFound) as never:
        Holder(shop).sees()
    assert elsewhere.value.details == never.value.details
    again = CreateSigningLink(work_order_id=order.id, estimate_version=1, token_hash=holder.token_hash)
    assert refused(lambda: shop.desk.do(again)) == "token_used_before"
    assert holder.sees().open_line_ids, "the refused one has ended nothing"
    told = [one for one in shop.desk.envelopes() if one["type"].startswith("workshop.signing_link")]
    assert told
    assert holder.token_hash not in str(told)
    assert shop.desk.announced(SigningLinkCreated)[0].expires_at == link.expires_at


def test_of_five_who_decide_by_one_link_at_once_one_does(shop: Shop) -> None:
    """Rule W8."""
    holder, _ = linked(shop, shop.quoted(shop.open()))
    seen = holder.sees()

    def decide(number: int) -> str:
        try:
            return holder.approves(seen, name=f"Customer {number}").decision
        except Refused as no:
            return no.code

    assert sorted(GreenPool().imap(decide, range(5))) == ["approved", *["link_used"] * 4]
    assert len(shop.desk.announced(WorkApproved)) == 1


@pytest.mark.parametrize(
    ("how", "broken"),
    [
        ({"document_hash": None}, {"signature.document_hash": ["needs_document_hash"]}),
        ({"means": "phone"}, {"signature.means": ["must_be_signed"]}),
        ({"means": "drawn"}, {"signature.strokes": ["needs_strokes"]}),
        ({"strokes": STROKES}, {"signature.strokes": ["only_when_drawn"]}),
    ],
)
def test_a_decision_by_link_is_signed_on_what_was_shown(shop: Shop, how: dict[str, Any], broken: dict[str, Any]) -> None:
    """Rule W8: nothing is half done: the link can still be used."""
    holder, _ = linked(shop, shop.quoted(shop.open()))
    with pytest.raises(Invalid) as told:
        holder.approves(**how)
    assert told.value.details["errors"] == broken
    with pytest.raises(PreconditionFailed, match="document_changed"):
        holder.approves(document_hash="0" * 64)
    assert holder.approves().decision == "approved"


def test_consent_and_a_decision_by_link_exclude_each_other(shop: Shop) -> None:
    """Rule W7: what the standing consent covered meanwhile does not wait any more."""
    order = shop.quoted(shop.open(), labour=[labour()])
    order = shop.estimate(order, consents_to_other_damage=True)
    order = propose(shop, shop.dispatched(shop.approve(order)), labour=[labour("OIL")])
    holder, _ = linked(shop, order)
    shop.desk.do(ApproveAdditionalWork(work_order_id=order.id, estimate_version=order.estimate_version))
    assert refused(holder.sees) == "estimate_lapsed"


@pytest.mark.new_database
def test_a_link_is_looked_up_in_an_index_whether_there_is_one_or_not(shop: Shop) -> None:
    """Rule W8: so is an order's list of links, among years of others."""
    other, order = shop.open(), shop.quoted(shop.open())
    holder, _ = linked(shop, order)
    grow(shop.desk, "signing_link", 1_000, work_order_id=f"'{other.id}'", token_hash="repeat(md5(n::text), 2)")

    def asked_in_vain() -> None:
        with pytest.raises(NotFound):
            Holder(shop).sees()

    ledger = ListAuthorisations(work_order_id=order.id)
    for ask, column in (
        (holder.sees, "token_hash"),
        (asked_in_vain, "token_hash"),
        (lambda: shop.desk.ask(ledger), "work_order_id"),
    ):
        [looked_up] = conditions(shop.desk, "signing_link", ask)
        assert column in looked_up
        assert "dealer_id" in looked_up
