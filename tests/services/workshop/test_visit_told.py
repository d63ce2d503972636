"""Rule W17: the customer's link says what they were promised and told, when and how; not what staff noted of it."""

from contracts.parts.events import SpecialOrderRaised
from contracts.workshop import agreement
from contracts.workshop.promise import NoteWaiting
from tests.services.workshop.shop import Shop, labour, part, signed
from tests.services.workshop.test_promise import at, put_and_approve, put_forward
from tests.services.workshop.test_promised_parts import booked, on_order
from tests.services.workshop.test_telling import revise, tell
from tests.services.workshop.visitors import visitor


def test_every_promised_time_is_shown_with_when_and_how_it_was_told(shop: Shop) -> None:
    """Rules W17, W18: the first one stays, whatever later versions of the estimate say."""
    order = put_and_approve(shop)
    comes, _ = visitor(shop, order)
    seen = comes.sees()
    assert (seen.first_promised_at, [one.promised_at for one in seen.promises], seen.reports) == (None, [at("14:30")], [])
    shop.desk.pass_time(hours=1)
    revise(shop, order, at("17:00"), note="the bolt broke off", told_at=at("12:50"))
    more = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")], extra_minutes=30)
    version = shop.desk.do(more).estimate_version
    shop.desk.do(agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=version, decision=signed()))
    seen = comes.sees()
    assert (seen.first_promised_at, seen.promised_at) == (at("14:30"), at("17:30"))
    assert [(one.promised_at, one.moved_by, one.told_at, one.told_how) for one in seen.promises] == [
        (at("14:30"), "estimate", at("12:00"), None),
        (at("17:00"), "revised", at("12:50"), "phone"),
        (at("17:30"), "additional_work", at("13:00"), None),
    ]
    assert "bolt" not in str(seen.dump())


def test_a_first_promise_that_was_told_without_an_estimate_is_the_first_one(shop: Shop) -> None:
    """Rules W17, W18: it is what was promised first, not what an estimate says."""
    order = booked(shop)
    shop.desk.hear(SpecialOrderRaised(special_order=on_order(order, None)), subject=order.id)
    order = put_forward(shop, order, {"labour": [labour()], "parts": [part()]})
    assert order.promised_at is None
    revise(shop, order, at("17:00"))
    revise(shop, order, at("18:00"))
    comes, _ = visitor(shop, order)
    assert (comes.sees().first_promised_at, comes.sees().promised_at) == (at("17:00"), at("18:00"))


def test_the_reports_that_were_made_are_shown_and_no_note(shop: Shop) -> None:
    """Rules W17, W19: one call that told several things is one; what is still to be told is not shown."""
    order = shop.dispatched(put_and_approve(shop))
    comes, _ = visitor(shop, order)
    shop.desk.do(NoteWaiting(work_order_id=order.id, waits=True))
    shop.clock_on(order)
    assert comes.sees().reports == []
    shop.desk.pass_time(minutes=1)
    tell(shop, order, note="be careful, he is angry")
    shop.desk.pass_time(minutes=10)
    tell(shop, order, told_how="in_person")
    seen = comes.sees()
    assert [(sorted(one.report_kinds), one.told_at, one.told_how) for one in seen.reports] == [
        (["waiting"], at("12:11"), "in_person"),
        (["started", "waiting"], at("12:01"), "wechat"),
    ]
    assert "angry" not in str(seen.dump())
