"""The customer's lasting link: to one order, until it ends, and to nothing else (Rule W17)."""

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed
from chassis.wire.ids import new_id
from contracts.workshop.agreement import ApproveAdditionalWork, ListAuthorisations
from contracts.workshop.events import WorkApproved, WorkDeclined
from contracts.workshop.link_events import VisitLinkCreated, VisitLinkEnded
from contracts.workshop.multi_point import ProposeFindings
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.pricing import SetWorkshopSettings
from contracts.workshop.visit_link import CreateVisitLink, ListVisitLinks, VisitLink, WithdrawVisitLink
from tests.services.history import conditions, grow
from tests.services.workshop.shop import Shop, cny, labour, line_id, part, signed
from tests.services.workshop.test_evidence import a_file, attach
from tests.services.workshop.test_multi_point import battery, measured, pad, pictured, publish
from tests.services.workshop.test_signing_link import Holder, linked, propose, refused
from tests.services.workshop.visitors import Visitor, visitor


def links(shop: Shop, order: WorkOrder) -> list[VisitLink]:
    return shop.desk.ask(ListVisitLinks(work_order_id=order.id)).items


def withdraw(shop: Shop, link: VisitLink, **more: str) -> VisitLink:
    asked = {"work_order_id": link.work_order_id, "visit_link_id": link.id, "reason": "wrong number", **more}
    return shop.desk.do(WithdrawVisitLink(**asked), actor="chen")


def test_a_newer_link_ends_the_older_one_and_both_stay_with_who_made_them(shop: Shop) -> None:
    """Rule W17: at most one leads to an order."""
    order = shop.open()
    first, _ = visitor(shop, order)
    second, link = visitor(shop, order)
    assert refused(first.sees) == "link_replaced"
    assert second.sees().order_number == order.number
    assert [(one.id == link.id, one.ended, one.created_by) for one in links(shop, order)] == [
        (True, None, "wang"),
        (False, "replaced", "wang"),
    ]
    assert [one.ended for one in shop.desk.announced(VisitLinkEnded)] == ["replaced"]


def test_a_withdrawn_link_says_so_and_keeps_who_withdrew_it_and_why(shop: Shop) -> None:
    """Rule W17: nothing is seen or decided by it, no photo either; an order's link is withdrawn through that order."""
    order = shop.quoted(shop.open(), labour=[labour()])
    photo = attach(shop, order, a_file(1), line_id=line_id(order, 1), kind="finding")
    comes, link = visitor(shop, order)
    seen = comes.sees()
    with pytest.raises(NotFound):
        withdraw(shop, link, work_order_id=shop.open().id)
    done = withdraw(shop, link)
    assert (done.ended, done.withdrawn_by, done.withdrawn_because, done.version) == ("withdrawn", "chen", "wrong number", 2)
    for ask in (
        comes.sees,
        lambda: comes.looks_at(photo.id),
        lambda: comes.approves(seen.requests[0]),
        lambda: comes.declines(seen.requests[0]),
        lambda: withdraw(shop, link),
    ):
        assert refused(ask) == "link_withdrawn"
    assert shop.desk.announced(WorkApproved) == shop.desk.announced(WorkDeclined) == []


def test_a_link_expires_days_after_the_delivery_and_in_any_case_after_half_a_year(shop: Shop) -> None:
    """Rule W17: 30 days by default, by the dealer's setting; no link is made to what is over."""
    order = shop.open()
    left, made = visitor(shop, order)
    assert (made.expires_at - made.created_at).days == 180
    delivered = shop.ready()
    comes, _ = visitor(shop, delivered)
    shop.deliver(delivered)
    assert (comes.sees().expires_at - comes.sees().delivered_at).days == 30
    shop.desk.pass_time(hours=29 * 24)
    assert comes.sees().stage == "handed_over"
    shop.desk.pass_time(hours=24)
    assert refused(comes.sees) == "link_expired"
    assert [one.ended for one in links(shop, delivered)] == ["expired"]
    assert refused(lambda: visitor(shop, delivered)) == "visit_over"
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(visit_link_days=40, service_phone="021 5000 1234", **rates))
    assert comes.sees().phone == "021 5000 1234"
    shop.desk.pass_time(hours=150 * 24)
    assert refused(left.sees) == "link_expired"


def test_after_a_void_a_sentence_says_why_and_no_link_is_made(shop: Shop) -> None:
    """Rule W17."""
    order = shop.open()
    comes, _ = visitor(shop, order)
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left"))
    assert refused(comes.sees) == refused(lambda: visitor(shop, order)) == "link_of_void_order"
    assert [one.ended for one in links(shop, order)] == ["order_void"]


def test_a_reversed_hand_over_is_said_and_the_link_leads_on(shop: Shop) -> None:
    """Rules W15, W17: it was entered by mistake; handed over again, nothing of it is told."""
    order = shop.ready()
    comes, _ = visitor(shop, order)
    shop.reverse(shop.deliver(order))
    seen = comes.sees()
    assert (seen.stage, seen.delivered_at, seen.taken_back_at) == ("ready", None, shop.desk.clock.now())
    shop.deliver(order)
    assert (comes.sees().stage, comes.sees().taken_back_at) == ("handed_over", None)


def test_nobody_finds_a_link_by_another_hash_or_at_another_dealer_or_by_the_other_kind(shop: Shop) -> None:
    """Rule W17: another dealer's, one that never was and a one-time link's look alike; a token makes one link."""
    order = shop.quoted(shop.open())
    comes, link = visitor(shop, order)
    holder, _ = linked(shop, order)
    once = Visitor(shop)
    once.token_hash = holder.token_hash
    lasting = Holder(shop)
    lasting.token_hash = comes.token_hash
    told = []
    for ask in (lambda: comes.sees("bj-chaoyang"), Visitor(shop).sees, once.sees, lasting.sees, lambda: Holder(shop).sees()):
        with pytest.raises(NotFound) as elsewhere:
            ask()
        told.append(elsewhere.value.details)
    assert all(one == told[0] for one in told)
    again = CreateVisitLink(work_order_id=shop.open().id, token_hash=comes.token_hash)
    assert refused(lambda: shop.desk.do(again)) == "token_used_before"
    facts = [one for one in shop.desk.envelopes() if one["type"].startswith("workshop.visit_link")]
    assert facts
    assert comes.token_hash not in str(facts)
    assert shop.desk.announced(VisitLinkCreated)[0].expires_at == link.expires_at


def test_each_version_is_decided_by_itself_once_as_at_the_desk(shop: Shop) -> None:
    """Rules W8, W17: by the hash of what was shown; the ledger says that it came by link, and staff are told."""
    order = shop.quoted(shop.open(), labour=[labour()])
    comes, _ = visitor(shop, order)
    first = comes.sees().requests[0]
    receipt = comes.approves(first)
    assert (receipt.decision, receipt.line_numbers, receipt.verified) == ("approved", [1], True)
    assert shop.now(order).answered_at is not None
    assert refused(lambda: comes.approves(first)) == "estimate_lapsed"
    order = shop.dispatched(shop.now(order))
    order = propose(shop, order, labour=[labour("OIL", safety=True)], extra_minutes=30)
    order = propose(shop, order, parts=[part()])
    _, wipers, pads = comes.sees().requests
    with pytest.raises(PreconditionFailed, match="document_changed"):
        comes.approves(wipers, document_hash=pads.document_hash)
    with pytest.raises(PreconditionFailed, match="document_changed"):
        comes.approves(wipers, document_hash="0" * 64)
    with pytest.raises(Invalid) as told:
        comes.approves(wipers, document_hash=None)
    assert told.value.details["errors"] == {"signature.document_hash": ["needs_document_hash"]}
    assert comes.declines(wipers).line_numbers == [2]
    assert comes.approves(pads).line_numbers == [3]
    entries = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [(one.decision, one.means, one.estimate_version) for one in entries] == [
        ("approved", "link", 1),
        ("declined", "link", 2),
        ("approved", "link", 3),
    ]
    assert all(one.signature and one.signature.verified for one in entries)


def test_what_the_desk_decided_meanwhile_is_not_decided_again(shop: Shop) -> None:
    """Rule W17: and the other way round, a one-time link to the same has nothing left."""
    order = propose(shop, shop.dispatched(shop.approved(labour=[labour()])), labour=[labour("OIL")])
    comes, _ = visitor(shop, order)
    holder, _ = linked(shop, order)
    asked = comes.sees().requests[-1]
    comes.approves(asked)
    assert refused(holder.sees) == "estimate_lapsed"
    order = propose(shop, order, parts=[part()])
    asked = comes.sees().requests[-1]
    desk = ApproveAdditionalWork(work_order_id=order.id, estimate_version=order.estimate_version, decision=signed())
    shop.desk.do(desk)
    assert refused(lambda: comes.declines(asked)) == "estimate_lapsed"


def test_a_link_shows_photos_of_bad_findings_and_of_what_was_asked_and_no_others(shop: Shop) -> None:
    """Rules W17, W31: not the walk-around's, no paper, nothing of what is not yet said, and no other order's."""
    publish(shop, pad(), battery())
    order = shop.dispatched(shop.approved(labour=[labour("OIL")]))
    pictured(shop, order, "PAD-F")
    pictured(shop, order, "BATT")
    measured(shop, order, PAD_F="1", BATT="1")
    order = shop.desk.do(ProposeFindings(work_order_id=order.id, template_code="MPI", item_codes=["PAD-F"]))
    theirs = [
        attach(shop, order, a_file(1), line_id=line_id(order, 2), kind="additional_work"),
        attach(shop, order, a_file(2, content_type="video/mp4"), job=1, kind="old_part"),
    ]
    other = shop.quoted(shop.open(), labour=[labour()])
    others = [
        attach(shop, order, a_file(3), item="left_front_door"),
        attach(shop, order, a_file(4), job=1, kind="other"),
        attach(shop, order, a_file(5, content_type="application/pdf"), line_id=line_id(order, 2), kind="finding"),
        attach(shop, other, a_file(6), line_id=line_id(other, 1), kind="finding"),
    ]
    comes, _ = visitor(shop, order)
    pictures = comes.sees().pictures
    assert [one.item or one.id for one in pictures] == [theirs[1].id, theirs[0].id, "PAD-F"]
    assert [comes.looks_at(one.id).id for one in pictures] == [one.id for one in pictures]
    for one in [*(other.id for other in others), new_id()]:
        with pytest.raises(NotFound):
            comes.looks_at(one)


@pytest.mark.new_database
def test_a_link_is_looked_up_in_an_index_whether_there_is_one_or_not(shop: Shop) -> None:
    """Rule W17: so is an order's list of links, among years of others."""
    other, order = shop.open(), shop.quoted(shop.open())
    comes, _ = visitor(shop, order)
    grow(shop.desk, "visit_link", 1_000, work_order_id=f"'{other.id}'", token_hash="repeat(md5(n::text), 2)")

    def asked_in_vain() -> None:
        with pytest.raises(NotFound):
            Visitor(shop).sees()

    for ask, column in (
        (comes.sees, "token_hash"),
        (asked_in_vain, "token_hash"),
        (lambda: links(shop, order), "work_order_id"),
    ):
        for looked_up in conditions(shop.desk, "visit_link", ask):
            assert column in looked_up
            assert "dealer_id" in looked_up


def test_the_number_that_customers_call_is_one_of_its_country(shop: Shop) -> None:
    """Rule W17: a link shows it to whoever waits for their car."""
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    for number in ("12", "+86"):
        with pytest.raises(Invalid) as wrong:
            shop.desk.do(SetWorkshopSettings(service_phone=number, **rates))
        assert list(wrong.value.details["errors"]) == ["service_phone"]
    assert shop.desk.do(SetWorkshopSettings(service_phone="400-820-8888", **rates)).service_phone == "400-820-8888"
