"""Rule W15 at workshop: a reversal is asked for, billing says whether it may be, and only then is the delivery undone."""

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.billing.events import GatePassUsed, ReversalConfirmed, ReversalRefused
from contracts.workshop.events import DeliveryReversed, ReversalRequested, WorkOrderDelivered
from contracts.workshop.handing_over import GetSettlement, ReverseDelivery


def ask(shop, order, **more):
    return shop.desk.do(ReverseDelivery(work_order_id=order.id, reason="wrong car"), actor="boss", **more)


def confirm(shop, order, *, revision=1, times=1):
    shop.desk.hear(ReversalConfirmed(work_order_id=order.id, revision=revision), times=times)


def refuse(shop, order, *, revision=1, times=1):
    shop.desk.hear(ReversalRefused(work_order_id=order.id, revision=revision, refusal="gate_pass_used"), times=times)


def car_leaves(shop, order):
    shop.desk.hear(GatePassUsed(gate_pass_id=new_id(), work_order_id=order.id, revision=order.revision))


def test_a_reversal_is_asked_for_and_the_order_stays_delivered_until_billing_confirms(shop):
    order = shop.deliver(shop.ready())
    asked = ask(shop, order)
    assert (asked.status, asked.revision, asked.mileage) == ("delivered", 1, 52_000)
    assert (asked.reversal.state, asked.reversal.revision, asked.reversal.reason, asked.reversal.requested_by) == (
        "requested",
        1,
        "wrong car",
        "boss",
    )
    assert shop.desk.announced(ReversalRequested) == [ReversalRequested(work_order_id=order.id, revision=1, reason="wrong car")]
    assert shop.desk.announced(DeliveryReversed) == []
    shop.desk.pass_time(minutes=1)
    confirm(shop, order, times=2)
    confirm(shop, order)  # the same fact again after the inbox forgot it
    found = shop.now(order)
    assert (found.status, found.revision, found.mileage, found.version) == ("ready", 1, None, asked.version + 1)
    assert (found.reversal.state, found.reversal.answered_at) == ("confirmed", shop.desk.clock.now())
    assert [(fact.revision, fact.reason) for fact in shop.desk.announced(DeliveryReversed)] == [(1, "wrong car")]
    assert shop.desk.parked() == []


def test_the_next_delivery_is_another_and_knows_no_reversal(shop):
    order = shop.reverse(shop.deliver(shop.ready()))
    assert shop.desk.ask(GetSettlement(work_order_id=order.id)).revision == 2
    assert shop.deliver(order).reversal is None
    confirm(shop, order)  # heard again, of the delivery before
    assert shop.now(order).status == "delivered"
    assert [fact.revision for fact in shop.desk.announced(WorkOrderDelivered)] == [1, 2]
    first, second = (shop.desk.ask(GetSettlement(work_order_id=order.id, revision=revision)) for revision in (1, 2))
    assert (first.reversed, second.reversed) == (True, False)


def test_it_is_not_asked_for_twice_at_a_time(shop):
    order = shop.deliver(shop.ready())
    ask(shop, order, key="k")
    assert ask(shop, order, key="k").reversal.state == "requested", "the same key is the same request"
    with pytest.raises(Refused, match="reversal_requested"):
        ask(shop, order)
    assert len(shop.desk.announced(ReversalRequested)) == 1


def test_a_refusal_is_seen_on_the_order_and_it_may_be_asked_again(shop):
    order = shop.deliver(shop.ready())
    ask(shop, order)
    refuse(shop, order, times=2)
    found = shop.now(order)
    assert (found.status, found.reversal.state, found.reversal.refusal) == ("delivered", "refused", "gate_pass_used")
    assert ask(shop, order).reversal.state == "requested"
    assert shop.desk.announced(DeliveryReversed) == []


@pytest.mark.parametrize("refused_first", [True, False])
def test_the_car_that_left_closes_the_order_whichever_of_billings_facts_comes_first(shop, refused_first):
    order = shop.deliver(shop.ready())
    ask(shop, order)
    for tell in (refuse, car_leaves) if refused_first else (car_leaves, refuse):
        tell(shop, order)
    found = shop.now(order)
    assert (found.status, found.reversal.state, found.reversal.refusal) == ("closed", "refused", "gate_pass_used")
    assert shop.desk.parked() == []
    with pytest.raises(Refused, match="gate_pass_used"):
        ask(shop, order)


def test_what_was_never_delivered_is_not_reversed(shop):
    with pytest.raises(Refused, match="not_in_this_status"):
        ask(shop, shop.ready())
