"""Rules W6, W17, W18: what nobody told the customer is no promise yet, and every version is worked out for the work it has."""

from typing import Any

import pytest

from chassis.wire.errors import Invalid
from contracts.parts.events import SpecialOrderRaised
from contracts.workshop import agreement
from contracts.workshop.delivery_time import BookDelivery
from contracts.workshop.order import WorkOrder
from contracts.workshop.promise import Promise, ReportProgress, RevisePromise
from contracts.workshop.promise_events import PromiseRevised
from contracts.workshop.signing_link import CreateSigningLink
from contracts.workshop.visit import GetLinkedVisit, LinkedVisit
from contracts.workshop.visit_link import CreateVisitLink
from tests.services.workshop.shop import Shop, labour, line_id, part, signed
from tests.services.workshop.test_promise import at, found_with, promise_of, put_forward, shifts
from tests.services.workshop.test_promised_parts import booked, on_order

TOKEN = "a" * 64


def times(promise: Promise) -> list[Any]:
    return [(one.previous_at, one.promised_at) for one in promise.revisions]


def page(shop: Shop) -> LinkedVisit:
    return shop.desk.ask(GetLinkedVisit(token_hash=TOKEN))


def linked(shop: Shop, order: WorkOrder) -> None:
    shop.desk.do(CreateVisitLink(work_order_id=order.id, token_hash=TOKEN))


def more(shop: Shop, order: WorkOrder, **terms: Any) -> WorkOrder:
    return put_forward(shop, order, {"labour": [labour() for _ in range(4)]}, **terms)


def test_a_further_version_is_worked_out_for_the_work_it_has(shop: Shop) -> None:
    """Rule W6: six hours more than the version before, which nobody had decided on; it was never told, so this is the first."""
    order = put_forward(shop)
    assert order.promised_at == at("14:30")
    again = more(shop, order)
    assert again.promised_at == found_with(shop, again).proposed_at == at("08:30", days=1)
    promise = promise_of(shop, shop.approve(again))
    assert (promise.first_promised_at, promise.baseline_at, promise.promised_at) == (at("08:30", days=1),) * 3
    assert times(promise) == [(None, at("08:30", days=1))]
    shop.desk.fire_timers()
    assert promise_of(shop, again).at_risk_at is None


def test_the_first_promise_is_the_one_that_was_approved_not_the_one_that_was_corrected(shop: Shop) -> None:
    """Rule W18; their page (Rule W17) knows of no other time either."""
    order = put_forward(shop)
    shop.desk.pass_time(hours=1)
    shop.desk.fire_timers()
    assert promise_of(shop, order).at_risk_at is not None
    again = shop.approve(shop.estimate(order, promised_at=at("17:00")))
    promise = promise_of(shop, again)
    assert (promise.first_promised_at, promise.baseline_at, times(promise)) == (at("17:00"), at("17:00"), [(None, at("17:00"))])
    assert [one.report_kind for one in promise.reports if one.ended_at is None] == []
    linked(shop, again)
    assert (page(shop).first_promised_at, [one.promised_at for one in page(shop).promises]) == (None, [at("17:00")])


def told_by_link(shop: Shop, order: WorkOrder) -> None:
    shop.desk.do(
        CreateSigningLink(work_order_id=order.id, estimate_version=order.estimate_version, token_hash=TOKEN, valid_hours=72)
    )


def told_on_the_phone(shop: Shop, order: WorkOrder) -> None:
    shop.desk.do(ReportProgress(work_order_id=order.id, told_how="phone"))


def told_by_their_page(shop: Shop, order: WorkOrder) -> None:
    linked(shop, order)


def told_by_their_delivery(shop: Shop, order: WorkOrder) -> None:
    shop.desk.do(BookDelivery(work_order_id=order.id, starts_at=at("17:00")))


def told_by_declining(shop: Shop, order: WorkOrder) -> None:
    decline = {"line_ids": [line_id(order, 1)], "reason": "too dear", "decision": signed()}
    shop.desk.do(agreement.DeclineLines(work_order_id=order.id, **decline))


@pytest.mark.parametrize("told", [told_by_link, told_on_the_phone, told_by_their_page, told_by_their_delivery, told_by_declining])
def test_what_the_customer_was_told_stays_the_first_promise(shop: Shop, told: Any) -> None:
    """Rule W18: the version that follows finds another time, which comes after the one they know of."""
    order = put_forward(shop)
    told(shop, order)
    again = more(shop, order)
    assert again.promised_at is not None
    assert again.promised_at > at("14:30"), "nobody had agreed to it"
    promise = promise_of(shop, again)
    assert (promise.first_promised_at, promise.baseline_at) == (at("14:30"), at("14:30"))
    assert times(promise) == [(None, at("14:30")), (at("14:30"), again.promised_at)]


def test_who_has_their_page_open_sees_the_first_version_at_once(shop: Shop) -> None:
    """Rule W17: the link was made when the order was opened."""
    order = shop.open()
    linked(shop, order)
    again = more(shop, put_forward(shop, order))
    assert promise_of(shop, again).first_promised_at == at("14:30")
    assert [one.promised_at for one in page(shop).promises] == [at("14:30"), again.promised_at]


def test_a_time_that_the_advisor_chose_stays_while_it_is_not_too_early(shop: Shop) -> None:
    """Rule W6: an earlier one than was worked out needs its reason, also where it was chosen for less work."""
    for technician in ("chen", "zhang"):
        shifts(shop, technician)
    order = put_forward(shop, promised_at=at("16:45"))
    again = put_forward(shop, order, {"labour": [labour("OIL")]}, promise_reason=None)
    assert again.promised_at == at("16:45")
    with pytest.raises(Invalid) as early:
        more(shop, order, promise_reason=None)
    assert list(early.value.details["errors"]) == ["promise_reason"]
    hurried = more(shop, order, promise_reason="three at it")
    assert (hurried.promised_at, promise_of(shop, hurried).revisions[0].promise_reason) == (at("16:45"), None)


def test_a_time_that_was_told_on_the_phone_stays_and_is_the_first(shop: Shop) -> None:
    """Rule W18: the estimate's was not told."""
    order = put_forward(shop)
    told = {"told_how": "phone", "promise_answer": "agreed"}
    promise = shop.desk.do(RevisePromise(work_order_id=order.id, promised_at=at("18:00"), **told))
    assert (promise.first_promised_at, times(promise)) == (at("18:00"), [(None, at("18:00"))])
    assert [one.previous_at for one in shop.desk.announced(PromiseRevised)] == [None]
    assert put_forward(shop, order).promised_at == at("18:00")


def test_once_it_is_agreed_to_the_time_moves_by_no_estimate_of_itself(shop: Shop) -> None:
    """Rules W6, W8: additional work brings its own minutes, when it is approved."""
    order = shop.approve(put_forward(shop))
    asked = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")], extra_minutes=40)
    shop.desk.do(asked)
    assert shop.estimate(order, promised_at=None).promised_at == at("14:30")


def test_what_nobody_was_told_is_promised_no_more_once_nobody_can_say_when(shop: Shop) -> None:
    """Rule W6: a part without a day was added; what the customer knows of stays, and is at risk."""
    known, unknown = booked(shop), booked(shop)
    for order in (known, unknown):
        shop.desk.hear(SpecialOrderRaised(special_order=on_order(order, None)), subject=order.id)
        put_forward(shop, order)
    linked(shop, known)
    for order, stays in ((known, at("14:30")), (unknown, None)):
        again = put_forward(shop, order, {"parts": [part()]})
        promise = promise_of(shop, again)
        assert (again.promised_at, promise.promised_at, promise.first_promised_at) == (stays, stays, stays)
        assert [one.promised_at for one in promise.revisions] == ([] if stays is None else [stays])
    shop.desk.fire_timers()
    assert (promise_of(shop, known).at_risk_at, promise_of(shop, unknown).at_risk_at) == (at("12:00"), None)
    last = shop.approve(shop.estimate(shop.now(unknown), promised_at=at("18:00")))
    assert times(promise_of(shop, last)) == [(None, at("18:00"))]
