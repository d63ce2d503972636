"""Rule B9: a repair that lasts over five days under three guarantees offers a loaner, once."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from contracts.workshop.agreement import ChangePayer
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.loaner_offer import AnswerLoanerOffer, ListLoanerOffers, LoanerOffer
from contracts.workshop.order import WorkOrder
from contracts.workshop.road_test import AnswerTestDrive
from contracts.workshop.shop_floor import ReturnToWork
from tests.services.workshop.shop import Shop, labour, line_id


def offers(shop: Shop, **how: Any) -> list[LoanerOffer]:
    shop.desk.fire_timers()
    return shop.desk.ask(ListLoanerOffers(), **how).items


def covered(shop: Shop, days: float = 0, payer: str = "three_guarantees") -> WorkOrder:
    """An order with approved work, promised for so many days from now."""
    order = shop.quoted(shop.open(), labour=[labour(payer=payer)])
    if days:
        order = shop.estimate(order, promised_at=shop.desk.clock.now() + timedelta(days=days))
    return shop.approve(order)


def test_a_repair_that_has_lasted_for_five_days_offers_a_loaner_once(shop: Shop) -> None:
    order = covered(shop)
    shop.desk.pass_time(days=5, seconds=-1)
    assert offers(shop) == []
    shop.desk.pass_time(seconds=1)
    [offer] = offers(shop)
    assert (offer.work_order_id, offer.order_number, offer.customer.name) == (order.id, order.number, order.customer.name)
    [group] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "loaner_offer"]
    assert (group.count, group.items[0].work_order_id, group.items[0].since) == (1, order.id, offer.raised_at)
    assert offers(shop, dealer="bj-chaoyang") == []
    with pytest.raises(Invalid) as wrong:
        shop.desk.do(AnswerLoanerOffer(work_order_id=order.id, loaner_answer="declined"))
    assert list(wrong.value.details["errors"]) == ["note"]
    answered = shop.desk.do(AnswerLoanerOffer(work_order_id=order.id, loaner_answer="declined", note="has a second car"))
    assert (answered.loaner_answer, answered.answered_by, answered.answered_at) == ("declined", "wang", shop.desk.clock.now())
    with pytest.raises(Refused, match="loaner_offer_answered"):
        shop.desk.do(AnswerLoanerOffer(work_order_id=order.id, loaner_answer="lent"))
    change = ChangePayer(
        work_order_id=order.id, line_id=line_id(order, 1), payer="three_guarantees", reason="x", authorised_by="b"
    )
    shop.desk.do(change)
    assert offers(shop) == [], "there is one for each order"
    assert [one.id for one in shop.desk.ask(ListLoanerOffers(answered=True)).items] == [order.id]


def test_one_that_is_promised_for_later_than_that_offers_it_at_once(shop: Shop) -> None:
    covered(shop, days=4.9)
    assert offers(shop) == []
    late = covered(shop, days=5.1)
    assert [one.work_order_id for one in offers(shop)] == [late.id]


def test_nobody_else_is_offered_one_and_it_is_over_when_the_car_is_ready(shop: Shop) -> None:
    """Not who pays by something else, not who pays so no more; and what was open ends by itself."""
    other = covered(shop, days=6, payer="warranty")
    assert offers(shop) == []
    with pytest.raises(NotFound):
        shop.desk.do(AnswerLoanerOffer(work_order_id=other.id, loaner_answer="lent"))
    moved = covered(shop)
    terms = {"payer": "goodwill", "reason": "outside", "authorised_by": "boss"}
    shop.desk.do(ChangePayer(work_order_id=moved.id, line_id=line_id(moved, 1), **terms))
    changed = ChangePayer(
        work_order_id=other.id, line_id=line_id(other, 1), payer="three_guarantees", reason="claim", authorised_by="boss"
    )
    shop.desk.do(changed)
    assert [one.work_order_id for one in offers(shop)] == [other.id]
    shop.desk.pass_time(days=6)
    assert [one.work_order_id for one in offers(shop)] == [other.id]
    assert shop.ready(other).status == "ready", "what is offered with it is not read over what was done to the order"
    assert offers(shop) == []


def test_an_order_that_goes_back_to_work_is_watched_again(shop: Shop) -> None:
    """Its time passed while it was ready, when nobody is offered one; and after a delivery that was reversed."""
    for back in (lambda order: order, lambda order: shop.reverse(shop.deliver(order))):
        order = shop.ready(covered(shop))
        shop.desk.pass_time(days=6)
        assert offers(shop) == []
        order = back(order)
        shop.desk.do(ReturnToWork(work_order_id=order.id, reason="it leaks", rework_line_ids=[line_id(order, 1)]))
        assert [one.work_order_id for one in offers(shop)] == [order.id]
        shop.desk.do(AnswerLoanerOffer(work_order_id=order.id, loaner_answer="lent"))


def test_so_is_one_whose_customer_drove_it_and_was_not_content(shop: Shop) -> None:
    order = shop.ready(covered(shop))
    shop.desk.pass_time(days=6)
    assert offers(shop) == []
    answer = {"outcome": "not_fixed", "findings": "it leaks", "rework_line_ids": [line_id(order, 1)]}
    drive = {"route": "round the block", "mileage_before": 52_000, "mileage_after": 52_003}
    shop.desk.do(AnswerTestDrive(work_order_id=order.id, **drive, **answer))
    assert [one.work_order_id for one in offers(shop)] == [order.id]
