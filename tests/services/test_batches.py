"""The three subscribers of a delivery, given many at once: what a batch costs, and that every effect is its dealer's own."""

import json
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

import contracts
from chassis.events.subscription import Delivery
from chassis.store.tables import outbox
from chassis.wire.envelope import seal
from chassis.wire.ids import new_id
from contracts.workshop.events import WorkOrderDelivered
from services.billing.invoice.invoice import Invoice
from services.billing.service import BillingService
from services.crm.follow_up.follow_up import FollowUp
from services.crm.service import CrmService
from services.parts.deduction.deduction import Deduction
from services.parts.service import PartsService
from tests.services.desk import NOON

GOLDEN = json.loads((Path(contracts.__file__).parent / "samples" / "workshop.work_order.delivered.v1.json").read_text("utf-8"))
DEALERS = ("bj-chaoyang", "sh-pudong")
EFFECTS = [
    pytest.param(BillingService, "billing.issue_invoices", Invoice, id="billing"),
    pytest.param(PartsService, "parts.deduct_stock", Deduction, id="parts"),
    pytest.param(CrmService, "crm.schedule_follow_up", FollowUp, id="crm"),
]


def delivery(queue, dealer, **changes):
    fact = WorkOrderDelivered.load({**GOLDEN, "work_order_id": new_id(), **changes})
    envelope = seal(
        fact,
        subject=fact.work_order_id,
        sequence=1,
        time=NOON,
        dealer=dealer,
        correlation_id=new_id(),
        causation_id=None,
        traceparent=None,
        actor="wang",
    )
    return Delivery(queue, envelope.to_json())


def deliveries(queue, of_each):
    return [delivery(queue, dealer) for _ in range(of_each) for dealer in DEALERS]


def effects(desk, kind):
    """How many there are, by dealer."""
    return {
        dealer: desk.rows(lambda session: session.scalar(select(func.count()).select_from(kind)), dealer=dealer)
        for dealer in DEALERS
    }


@pytest.mark.parametrize(("service", "queue", "kind"), EFFECTS)
def test_a_batch_costs_the_same_however_many_it_holds(open_desk, service, queue, kind):
    """What it needs is prefetched and what it made is written in one flush: nothing is asked or written order by order."""
    desk, statements = open_desk(service), []
    event.listen(desk.executor.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def cost(of_each):
        statements.clear()
        desk.subscriber.process(deliveries(queue, of_each))
        # What is remembered of the dealers is read anew every other second, whatever a batch holds.
        return len([one for one in statements if "dealer_profile" not in one])

    cost(2)  # the first one makes what the dealers have in common
    assert cost(3) == cost(12) > 0
    assert len(set(effects(desk, kind).values())) == 1


@pytest.mark.parametrize(("service", "queue", "kind"), EFFECTS)
def test_every_effect_of_a_mixed_batch_is_its_dealers_own(open_desk, service, queue, kind):
    """Two dealers' orders in one transaction: each dealer has its own rows and announcements, and only those."""
    desk = open_desk(service)
    batch = [*deliveries(queue, 2), delivery(queue, "sh-pudong")]
    desk.subscriber.process(batch)
    per_order = effects(desk, kind)["bj-chaoyang"] // 2
    assert per_order > 0
    assert effects(desk, kind) == {"bj-chaoyang": 2 * per_order, "sh-pudong": 3 * per_order}
    given = {(one["dealerid"], one["data"]["work_order_id"]) for one in (json.loads(each.body) for each in batch)}
    with desk.executor.sessions() as session:
        announced = session.execute(select(outbox.c.dealer_id, outbox.c.envelope)).all()
    assert {(row.dealer_id, json.loads(row.envelope)["data"]["work_order_id"]) for row in announced} == given


@pytest.mark.parametrize(("service", "queue", "kind"), EFFECTS)
def test_prefetching_refuses_nothing(open_desk, service, queue, kind):
    """What cannot be done is parked when its turn comes, alone: its neighbours in the batch are done."""
    desk = open_desk(service)
    bad = delivery(queue, "nobody-knows")
    desk.subscriber.process([*deliveries(queue, 2), bad])
    assert [one.message_id for one in desk.parked()] == [json.loads(bad.body)["id"]]
    assert effects(desk, kind)["sh-pudong"] == effects(desk, kind)["bj-chaoyang"] > 0


def test_a_message_of_a_subscription_that_is_gone_is_dead_with_its_reason(open_desk):
    """It was parked before the service changed; nobody waits for it, and nothing fails again and again."""
    desk = open_desk(CrmService)
    desk.subscriber.process([Delivery("crm.was_once_here", json.dumps({"specversion": "1.0"}))])
    ((kind, reason),) = [(one.kind, one.reason) for one in desk.parked()]
    assert kind == "dead"
    assert "no subscription crm.was_once_here" in reason
