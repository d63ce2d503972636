"""What each service tells of its matters to the service manager's attention list, and what it costs to ask."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from chassis.events.standing_still import MessagesStandingStill, messages_standing_still
from chassis.store.tables import parked_message
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from contracts.attention import MOST, Concerns
from contracts.billing.attention import FindBillingConcerns
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from contracts.crm.attention import FindCareConcerns
from contracts.crm.follow_up import CompleteFollowUp, RecordAttempt
from contracts.parts.attention import FindPartsConcerns
from contracts.parts.task import ListTasks, ResolveTask
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.events import WorkOrderVoided
from contracts.workshop.shop_floor import HoldWorkOrder, ResumeWorkOrder
from services.billing.service import BillingService
from services.crm.service import CrmService
from services.parts.service import PartsService
from services.workshop.service import WorkshopService
from tests.services.billing.acts import deposit
from tests.services.billing.orders import delivered, labour
from tests.services.crm.deliveries import deliver, follow_up_of
from tests.services.history import Reading, grow
from tests.services.parts.facts import an_id, want
from tests.services.parts.scene import Scene, installed
from tests.services.workshop.shop import Shop


def told(desk, query, **how):
    """What is told of each kind, one by one; the counts go with them."""
    concerns: Concerns = desk.ask(query, **how)
    for group in concerns.groups:
        assert len(group.items) == min(group.count, MOST)
    return {group.kind: group.items for group in concerns.groups if group.items}


def test_an_order_is_late_from_its_promised_time_until_it_is_ready(open_desk):
    shop = Shop(open_desk(WorkshopService))
    order = shop.dispatched(shop.approved())
    shop.desk.pass_time(hours=4)
    assert told(shop.desk, FindWorkshopConcerns()) == {}
    shop.desk.pass_time(seconds=1)
    ((kind, [late]),) = told(shop.desk, FindWorkshopConcerns()).items()
    assert (kind, late.severity, late.since, late.detail) == ("late_order", "severe", order.promised_at, "dispatched")
    assert (late.work_order_id, late.order_number, late.plate) == (order.id, order.number, "沪A12345")
    assert (late.customer_name, late.staff) == (order.customer.name, "wang")
    assert told(shop.desk, FindWorkshopConcerns(), dealer="bj-chaoyang") == {}
    shop.ready(order)
    assert told(shop.desk, FindWorkshopConcerns()) == {}


def test_an_order_that_has_been_on_hold_for_a_day_is_told_with_its_reason(open_desk):
    """Since it was put on hold last: what was resumed in between begins anew."""
    shop = Shop(open_desk(WorkshopService))
    order = shop.dispatched(shop.approved())
    hold = HoldWorkOrder(work_order_id=order.id, reason="sublet")
    shop.desk.do(hold)
    shop.desk.pass_time(hours=23)
    shop.desk.do(ResumeWorkOrder(work_order_id=order.id))
    shop.desk.do(hold)
    since = shop.desk.clock.now()
    shop.desk.pass_time(hours=23)
    assert "long_hold" not in told(shop.desk, FindWorkshopConcerns())
    shop.desk.pass_time(hours=1)
    [held] = told(shop.desk, FindWorkshopConcerns())["long_hold"]
    assert (held.severity, held.since, held.detail, held.work_order_id) == ("warning", since, "sublet", order.id)


@pytest.mark.new_database
def test_asking_the_workshop_costs_the_same_however_many_orders_were_closed(open_desk):
    shop = Shop(open_desk(WorkshopService))
    order = shop.dispatched(shop.approved())
    shop.desk.pass_time(hours=5)
    closed = {"status": "'closed'", "number": "left(gen_random_uuid()::text, 20)", "appointment_id": "NULL"}
    grow(shop.desk, "work_order", 1_000, **closed)
    before = Reading(shop.desk, FindWorkshopConcerns()).rows
    grow(shop.desk, "work_order", 1_000, **closed)
    assert [one.work_order_id for one in told(shop.desk, FindWorkshopConcerns())["late_order"]] == [order.id]
    assert Reading(shop.desk, FindWorkshopConcerns()).rows == before


def test_a_discrepancy_is_told_at_once_and_other_tasks_of_the_parts_desk_after_a_day(open_desk):
    scene = Scene(open_desk(PartsService))
    scene.in_stock("PAD", "1")
    scene.booked("booking", want("a", "PAD", "1"))
    scene.delivered("order", installed("line", "PAD", "2"))
    ((kind, [lost]),) = told(scene.desk, FindPartsConcerns()).items()
    assert (kind, lost.severity, lost.work_order_id, lost.order_number) == (
        "stock_discrepancy",
        "severe",
        an_id("order"),
        "WO-1",
    )
    assert (lost.part_number, lost.plate, lost.detail) == ("PAD", "沪A12345", "shortage")
    scene.desk.pass_time(hours=24)
    [waits] = told(scene.desk, FindPartsConcerns())["parts_task"]
    assert (waits.severity, waits.appointment_id, waits.detail) == ("warning", an_id("booking"), "reservation_short")
    for task in scene.desk.ask(ListTasks(state="open")).items:
        scene.desk.do(ResolveTask(task_id=task.id, note="counted"))
    assert told(scene.desk, FindPartsConcerns()) == {}


def test_a_task_of_billing_is_told_after_a_day_until_it_is_completed(open_desk):
    desk = open_desk(BillingService)
    fact = delivered(labour(1, customer_pay="113.00"))
    deposit(desk, fact, "50.00")
    desk.hear(WorkOrderVoided(work_order_id=fact.work_order_id, reason="sold"))
    assert told(desk, FindBillingConcerns()) == {}
    desk.pass_time(hours=24)
    ((kind, [task]),) = told(desk, FindBillingConcerns()).items()
    assert (kind, task.work_order_id, task.order_number) == ("billing_task", fact.work_order_id, "WO-2026-0001")
    assert (task.plate, task.customer_name, task.detail) == ("沪A12345", "Li Lei", "deposit_on_void_order")
    [listed] = desk.ask(ListBillingTasks()).items
    assert (listed.work_order_number, listed.plate, listed.customer_name) == ("WO-2026-0001", "沪A12345", "Li Lei")
    desk.do(CompleteBillingTask(task_id=listed.id, note="given back"))
    assert told(desk, FindBillingConcerns()) == {}


def test_a_follow_up_is_late_when_it_was_due_and_severe_when_it_counts_as_missed(open_desk):
    desk = open_desk(CrmService)
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    desk.clock.set(job.due_at - timedelta(seconds=1))
    assert told(desk, FindCareConcerns()) == {}
    desk.clock.set(job.due_at)
    ((kind, [late]),) = told(desk, FindCareConcerns()).items()
    assert (kind, late.severity, late.since, late.follow_up_id) == ("late_follow_up", "warning", job.due_at, job.id)
    assert (late.customer_name, late.plate, late.order_number, late.staff) == ("Li Lei", "沪A12345", "RO-1", "wang")
    desk.clock.set(job.breach_at)
    assert [one.severity for one in told(desk, FindCareConcerns())["late_follow_up"]] == ["severe"]
    desk.do(RecordAttempt(follow_up_id=job.id, reached=False))
    desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="unreachable"))
    assert told(desk, FindCareConcerns()) == {}


def test_of_many_the_oldest_are_told_and_all_are_counted(open_desk):
    desk = open_desk(CrmService)
    days = [deliver(desk, delivered_at=desk.clock.now() - timedelta(days=number)) for number in range(10, 10 + MOST + 3)]
    [group] = [one for one in desk.ask(FindCareConcerns()).groups if one.kind == "late_follow_up"]
    oldest = [one.work_order_id for one in reversed(days)][:MOST]
    assert ([one.work_order_id for one in group.items], group.count) == (oldest, MOST + 3)


def test_a_message_that_stands_still_is_told_to_its_dealer_only(open_desk):
    """A dead one at once, another when it was parked before the time asked for; never one that nobody's dealer sent."""
    desk = open_desk(CrmService)
    order, ago = new_id(), desk.clock.now() - timedelta(minutes=6)
    rows = [
        (
            "sh-pudong",
            "dead",
            desk.clock.now(),
            f'{{"data": {{"work_order_id": "{order}", "number": "RO-1", "odd_id": "../../x"}}}}',
        ),
        ("sh-pudong", "retrying", ago, "no JSON"),
        ("sh-pudong", "early", desk.clock.now(), "[]"),
        ("bj-chaoyang", "dead", ago, "{}"),
        (None, "dead", ago, "{}"),
    ]

    def park(session):
        for number, (dealer, kind, at, payload) in enumerate(rows):
            session.execute(
                insert(parked_message).values(
                    subscriber="crm.schedule_follow_up",
                    message_id=str(number),
                    dealer_id=dealer,
                    type="workshop.work_order.delivered",
                    payload=payload,
                    kind=kind,
                    reason="why not",
                    parked_at=at,
                )
            )
        session.commit()

    desk.rows(park)
    asked = MessagesStandingStill(parked_before=desk.clock.now() - timedelta(minutes=5))
    answer = desk.executor.ask(MessagesStandingStill, messages_standing_still, asked.dump(), Call(dealer="sh-pudong"))
    assert (answer["dead"], answer["held"]) == (1, 1)
    dead, held = answer["items"]
    assert (dead["dead"], dead["subscriber"], dead["ids"]) == (True, "crm.schedule_follow_up", {"work_order_id": order})
    assert (held["dead"], held["since"], held["ids"]) == (False, ago.isoformat(), {})
