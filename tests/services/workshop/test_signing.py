"""Signatures in the workshop: the customer signs what they saw, and it is shown later as it was signed (Rules W6, W8, W13)."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed
from contracts.signing import Signing
from contracts.workshop import agreement
from contracts.workshop.agreement import ApproveEstimate, DeclineLines, GetEstimate, ListAuthorisations
from contracts.workshop.events import WorkOrderDelivered
from contracts.workshop.handing_over import GetSettlement
from contracts.workshop.shop_floor import CheckQuality, ListInspections, RequestQualityCheck
from tests.services.workshop.shop import cny, labour, line_id, part, signed

STROKES = "60,120 95,60 130,140;240,60 250,140"


def drawn(document_hash):
    return Signing(means="drawn", name="Li Na", strokes=STROKES, document_hash=document_hash)


def settlement(shop, order):
    return shop.desk.ask(GetSettlement(work_order_id=order.id))


def estimate(shop, order, version=None):
    return shop.desk.ask(GetEstimate(work_order_id=order.id, estimate_version=version))


def test_the_settlement_is_signed_as_it_was_shown_and_shown_as_it_was_signed(shop):
    """Rule W13: who, when, how, and the hash of it with all that was agreed at the car."""
    order = shop.ready()
    preview = settlement(shop, order)
    assert preview.signature is None
    shop.deliver(order, signature=drawn(preview.document_hash))
    final = settlement(shop, order)
    signature = final.signature
    assert (signature.name, signature.means, signature.strokes, signature.taken_by) == ("Li Na", "drawn", STROKES, "wang")
    assert (signature.signed_at, signature.verified) == (shop.desk.clock.now(), True)
    assert signature.document_hash == final.document_hash != preview.document_hash
    assert shop.desk.announced(WorkOrderDelivered)[0].accepted_by == "Li Na"


@pytest.mark.parametrize("sign", [drawn, lambda seen: Signing(means="typed", name="Li Na", document_hash=seen)])
def test_a_settlement_that_changed_since_it_was_shown_is_not_delivered(shop, sign):
    """Rule W13: somebody else pays meanwhile; nothing is delivered, and the new one can be signed."""
    order = shop.ready()
    seen = settlement(shop, order).document_hash
    change = {"line_id": line_id(order, 1), "payer": "warranty", "authorised_by": "Zhao", "reason": "claim"}
    shop.desk.do(agreement.ChangePayer(work_order_id=order.id, **change))
    with pytest.raises(PreconditionFailed, match="document_changed"):
        shop.deliver(order, signature=sign(seen))
    assert (shop.now(order).status, shop.desk.announced(WorkOrderDelivered)) == ("ready", [])
    shop.deliver(order, signature=sign(settlement(shop, order).document_hash))


def test_a_delivery_is_signed_and_not_agreed_on_the_phone(shop):
    """Rule W13."""
    order = shop.ready()
    with pytest.raises(Invalid) as refused:
        shop.deliver(order, signature=Signing(means="phone", name="Li Na", given_at=shop.desk.clock.now()))
    assert refused.value.details["errors"] == {"signature.means": ["must_be_signed"]}


def test_whoever_changes_a_signed_document_is_found_out(shop):
    """The hash is worked out again whenever it is shown."""
    order = shop.deliver(shop.ready())
    shop.desk.rows(lambda session: (session.execute(text("UPDATE delivery SET settlement = " + CHANGED)), session.commit()))
    assert not settlement(shop, order).signature.verified


CHANGED = "jsonb_set(settlement, '{mileage}', '1')"


def test_an_estimate_is_approved_as_it_was_shown(shop):
    """Rule W8: the hash that comes back is that of the version that is approved, and the ledger keeps it with the lines."""
    order = shop.quoted(shop.open(), labour=[labour()])
    first = estimate(shop, order).document_hash
    order = shop.quoted(order, parts=[part()])
    with pytest.raises(PreconditionFailed, match="document_changed"):
        shop.desk.do(ApproveEstimate(work_order_id=order.id, estimate_version=2, decision=drawn(first)))
    second = estimate(shop, order).document_hash
    shop.desk.do(ApproveEstimate(work_order_id=order.id, estimate_version=2, decision=drawn(second)))
    [entry] = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert (entry.means, entry.name, entry.estimate_hash, entry.signature.strokes) == ("drawn", "Li Na", second, STROKES)
    assert [(line.number, line.amount) for line in entry.lines] == [(1, cny("324.00")), (2, cny("399.98"))]
    assert entry.signature.verified
    assert estimate(shop, order, 1).document_hash == first


def test_a_declined_safety_line_is_signed_on_the_estimate_that_the_customer_saw(shop):
    """Rule W8: what they declined, at which price and why, is what they signed."""
    order = shop.quoted(shop.open(), labour=[labour(safety=True)])
    seen = estimate(shop, order).document_hash
    decline = {"work_order_id": order.id, "line_ids": [line_id(order, 1)], "reason": "next month"}
    order = shop.estimate(order)
    with pytest.raises(PreconditionFailed, match="document_changed"):
        shop.desk.do(DeclineLines(**decline, decision=drawn(seen)))
    shop.desk.do(DeclineLines(**decline, decision=drawn(estimate(shop, order).document_hash)))
    [entry] = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert [(line.number, line.safety, line.amount) for line in entry.lines] == [(1, True, cny("324.00"))]
    assert (entry.reason, entry.signature.verified) == ("next month", True)


def test_every_inspection_is_signed_by_whoever_records_it(shop):
    """Rule W11: the failed one, too, with what was found and what was to be redone; nobody edits it, the next one is another."""
    order = shop.dispatched(shop.approved())
    redo = {"passed": False, "findings": "squeals", "rework_cause": "part", "rework_line_ids": [line_id(order, 1)]}
    for verdict in (redo, {"passed": True}):
        shop.clock_on(order)
        shop.clock_off(order)
        shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
        shop.desk.do(CheckQuality(work_order_id=order.id, **verdict), actor="qin")
    _, failed, _, passed = shop.desk.ask(ListInspections(work_order_id=order.id)).items
    assert (failed.passed, failed.findings, failed.rework, passed.passed) == (False, "squeals", [1], True)
    assert [line.number for line in passed.lines] == [1, 2, 3]
    for one in (failed, passed):
        assert (one.inspector, one.signature.means, one.signature.name, one.signature.verified) == ("qin", "account", "qin", True)
    with pytest.raises(NotFound):
        shop.desk.ask(ListInspections(work_order_id=order.id), dealer="bj-chaoyang")


def test_who_was_not_asked_signed_nothing(shop):
    """A decision by somebody else's authority has no signature of the customer's."""
    order = shop.approved()
    change = {"line_id": line_id(order, 1), "payer": "warranty", "authorised_by": "Zhao", "reason": "claim"}
    shop.desk.do(agreement.ChangePayer(work_order_id=order.id, **change))
    approved, changed = shop.desk.ask(ListAuthorisations(work_order_id=order.id)).items
    assert (approved.signature.means, changed.signature, changed.lines) == ("typed", None, [])
    assert approved.signature.name == signed().name


def test_a_typed_name_signs_nothing_without_the_hash_of_what_was_shown(shop):
    """Rules W6, W8, W13: estimate and settlement alike; a call needs none, nor what is beside an estimate."""
    bare = Signing(means="typed", name="Li Na")
    order = shop.quoted(shop.open(), labour=[labour(payer="warranty")])
    asked = ApproveEstimate(work_order_id=order.id, estimate_version=1, decision=bare)
    with pytest.raises(Invalid) as unseen:
        shop.desk.do(asked)
    assert unseen.value.details["errors"] == {"decision.document_hash": ["needs_document_hash"]}
    call = Signing(means="phone", name="Li Na", given_at=shop.desk.clock.now())
    order = shop.desk.do(replace(asked, decision=call))
    change = {"line_id": line_id(order, 1), "payer": "customer_pay", "reason": "no claim", "decision": bare}
    ready = shop.ready(shop.desk.do(agreement.ChangePayer(work_order_id=order.id, **change)))
    with pytest.raises(Invalid) as blind:
        shop.deliver(ready, signature=bare)
    assert blind.value.details["errors"] == {"signature.document_hash": ["needs_document_hash"]}
    assert shop.now(ready).status == "ready"
