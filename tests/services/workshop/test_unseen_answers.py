"""What a customer decided by a one-time link is told to those who did not look (Rule W8)."""

from typing import Any

import pytest

from contracts.attention import Concerns
from contracts.workshop.agreement import WithdrawApproval
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.events import AnswerSeen
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import RecordJob, VoidWorkOrder
from contracts.workshop.signing_link import SeeAnswer
from tests.services.workshop.shop import Shop, labour, signed
from tests.services.workshop.test_signing_link import linked, propose


def listed(shop: Shop, **asked: Any) -> list[str]:
    return [one.number for one in shop.desk.ask(ListWorkOrders(answered=True, **asked)).items]


def unseen(shop: Shop) -> list[Any]:
    told: Concerns = shop.desk.ask(FindWorkshopConcerns())
    [group] = [one for one in told.groups if one.kind == "unseen_answer"]
    assert group.count == len(group.items)
    return group.items


@pytest.mark.parametrize("way", ["approves", "declines"])
def test_an_answer_by_link_stands_on_the_lists_until_somebody_says_that_they_saw_it(shop: Shop, way: str) -> None:
    """Rule W8: with the advisor's orders and on the attention list, since when it was given; once, whoever says so."""
    order = shop.quoted(shop.open())
    holder, _ = linked(shop, order)
    assert (listed(shop), unseen(shop)) == ([], [])
    getattr(holder, way)()
    at = shop.desk.clock.now()
    shop.desk.pass_time(minutes=5)
    assert shop.now(order).answered_at == at
    assert listed(shop, advisor=order.advisor) == [order.number]
    [told] = unseen(shop)
    assert (told.since, told.work_order_id, told.order_number, told.staff) == (at, order.id, order.number, order.advisor)
    for _ in range(2):
        assert shop.desk.do(SeeAnswer(work_order_id=order.id)).answered_at is None
    assert (listed(shop), unseen(shop)) == ([], [])
    assert [one.work_order_id for one in shop.desk.announced(AnswerSeen)] == [order.id]


def test_whoever_decides_on_has_seen_it_and_who_works_has_not(shop: Shop) -> None:
    """Rule W8: the technician's work goes on without the advisor having looked; a decision at the desk, new work, the floor's
    next step, and the end of the order say that somebody did."""
    order = shop.quoted(shop.open())
    linked(shop, order)[0].approves()
    shop.desk.do(RecordJob(work_order_id=order.id, job=1, complaint="Brakes squeal", cause="worn"))
    assert listed(shop) == [order.number]
    order = shop.dispatched(order)
    assert listed(shop) == []
    order = propose(shop, order, labour=[labour("OIL")], extra_minutes=30)
    linked(shop, order)[0].approves()
    shop.clock_on(order)
    assert listed(shop) == [order.number]
    oil = next(line for line in shop.now(order).lines if line.operation_code == "OIL")
    withdrawn = {"line_ids": [oil.line_id], "reason": "next month", "signature": signed()}
    shop.desk.do(WithdrawApproval(work_order_id=order.id, **withdrawn))
    assert listed(shop) == []
    order = propose(shop, order, labour=[labour("OIL")], extra_minutes=30)
    linked(shop, order)[0].declines()
    assert listed(shop) == [order.number]
    propose(shop, order, labour=[labour("OIL")], extra_minutes=30)
    assert listed(shop) == []
    declined = shop.quoted(shop.open())
    linked(shop, declined)[0].declines()
    shop.desk.do(VoidWorkOrder(work_order_id=declined.id, reason="wanted nothing"))
    assert listed(shop) == []


def test_what_is_decided_at_the_desk_waits_for_nobody(shop: Shop) -> None:
    order = shop.approve(shop.quoted(shop.open()))
    assert (shop.now(order).answered_at, unseen(shop)) == (None, [])
