"""crm through its door: the follow-up of a delivered order (Rule C2), whatever order it is told in."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, func, select

from chassis.events.subscriber import Delivery
from chassis.store.tables import inbox
from chassis.wire.envelope import seal
from chassis.wire.errors import NotFound, PreconditionFailed, Refused
from chassis.wire.ids import derived_id, new_id
from contracts.crm.customer import RegisterCustomer
from contracts.crm.events import FollowUpAttempted, FollowUpCancelled, FollowUpCompleted, FollowUpScheduled
from contracts.crm.follow_up import ChangeCrmSettings, CompleteFollowUp, GetFollowUp, ListFollowUps, RecordAttempt
from contracts.crm.vehicle import GetVehicle
from contracts.shared import CustomerFacts, DeclinedLine, VehicleFacts
from contracts.workshop.events import DeliveryReversed, WorkOrderDelivered
from services.crm.domain.follow_up import FollowUp
from services.crm.domain.vehicle import MileageReading, Vehicle
from services.crm.service import CrmService


@pytest.fixture
def desk(open_desk):
    return open_desk(CrmService)


def a_delivery(desk, **changes):
    facts = {
        "work_order_id": new_id(),
        "number": "RO-1",
        "revision": 1,
        "customer": CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001"),
        "vehicle": VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102"),
        "mileage": 50_000,
        "currency": "CNY",
        "tax_mode": "inclusive",
        "lines": [],
        "declined": [],
        "advisor": "wang",
        "accepted_by": "Li Lei",
        "delivered_at": desk.clock.now(),
    }
    return WorkOrderDelivered(**{**facts, **changes})


def reversal_of(delivery):
    return DeliveryReversed(work_order_id=delivery.work_order_id, revision=delivery.revision, reason="wrong car")


def deliver(desk, **changes):
    delivery = a_delivery(desk, **changes)
    desk.hear(delivery, subject=delivery.work_order_id, sequence=9)
    return delivery


def follow_up_of(desk, delivery, **more):
    return desk.ask(GetFollowUp(follow_up_id=derived_id(delivery.work_order_id, delivery.revision)), **more)


def reached(desk, delivery):
    follow_up = follow_up_of(desk, delivery)
    return desk.do(RecordAttempt(follow_up_id=follow_up.id, reached=True), actor="zhao", if_match=follow_up.version)


def with_vehicle(desk):
    """A vehicle whose file crm has; deliveries are heard for it."""
    vehicle = Vehicle(
        dealer_id="sh-pudong",
        customer_id=new_id(),
        vin="1M8GDM9AXKP042788",
        vin_doubtful=False,
        plate="沪A12345",
        make="MCI",
        model="102",
    )
    facts = vehicle.facts()
    desk.rows(lambda session: (session.add(vehicle), session.commit()))
    return facts


def count(desk, kind):
    return desk.rows(lambda session: session.scalar(select(func.count()).select_from(kind)))


def test_a_delivery_is_followed_up_at_ten_tomorrow_and_announced_with_its_visit(desk):
    visit = new_id()
    delivery = a_delivery(desk)
    desk.hear(delivery, visit=visit)
    follow_up = follow_up_of(desk, delivery)
    assert (follow_up.state, follow_up.version, follow_up.customer_name) == ("scheduled", 1, "Li Lei")
    assert (follow_up.planned_at, follow_up.due_at, follow_up.breach_at) == (
        datetime(2026, 3, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 4, 16, tzinfo=UTC),
        datetime(2026, 3, 5, 16, tzinfo=UTC),
    )
    (fact,) = desk.announced(FollowUpScheduled)
    assert (fact.follow_up_id, fact.work_order_id, fact.revision, fact.due_at) == (
        follow_up.id,
        delivery.work_order_id,
        1,
        follow_up.due_at,
    )
    (envelope,) = desk.envelopes()
    assert (envelope["correlationid"], envelope["sequence"]) == (visit, 1)
    reached(desk, delivery)
    assert desk.envelopes()[-1]["correlationid"] == visit, "what is done days later belongs to the visit too"


def test_the_same_message_twice_plans_one_follow_up(desk):
    delivery = a_delivery(desk)
    desk.hear(delivery, times=2)
    assert (count(desk, FollowUp), count(desk, MileageReading), len(desk.announced(FollowUpScheduled))) == (1, 1, 1)


def test_the_effect_stays_single_when_the_inbox_is_purged(desk):
    delivery = a_delivery(desk)
    desk.hear(delivery)
    reached(desk, delivery)
    with desk.executor.sessions() as session:
        session.execute(delete(inbox))
        session.commit()
    desk.hear(delivery)
    assert (count(desk, FollowUp), count(desk, MileageReading), len(desk.announced(FollowUpScheduled))) == (1, 1, 1)
    assert len(follow_up_of(desk, delivery).attempts) == 1
    assert desk.parked() == []


def test_every_delivery_revision_has_a_follow_up_of_its_own(desk):
    first = deliver(desk)
    desk.hear(reversal_of(first))
    second = deliver(desk, work_order_id=first.work_order_id, revision=2)
    assert (follow_up_of(desk, first).state, follow_up_of(desk, second).state) == ("cancelled", "scheduled")


def test_fifty_deliveries_come_in_one_batch(desk):
    """One session handles them all; each has its own follow-up."""
    deliveries = [a_delivery(desk) for _ in range(50)]
    bodies = [
        seal(
            one,
            subject=one.work_order_id,
            sequence=1,
            time=desk.clock.now(),
            dealer=dealer,
            correlation_id=None,
            causation_id=None,
            traceparent=None,
            actor="test",
        ).to_json()
        for one, dealer in zip(deliveries, ["sh-pudong", "bj-chaoyang"] * 25, strict=True)
    ]
    desk.subscriber.process([Delivery("crm.schedule_follow_up", body) for body in bodies])
    assert count(desk, FollowUp) == 25
    assert len(desk.announced(FollowUpScheduled)) == 50


def test_the_time_the_customer_named_at_delivery_goes_before_the_file_and_the_file_before_the_default(desk):
    file = desk.do(RegisterCustomer(name="Li Lei", phone="138", preferred_time=time(15)))
    customer = CustomerFacts(customer_id=file.id, name="Li Lei", phone="138")

    def hour(**changes):
        return follow_up_of(desk, deliver(desk, **changes)).planned_at

    assert hour(customer=customer, preferred_follow_up_time=time(18)) == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert hour(customer=customer) == datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert hour() == datetime(2026, 3, 3, 2, tzinfo=UTC)


def test_the_dealers_settings_plan_what_comes_next_and_leave_what_is_planned(desk):
    before = deliver(desk)
    desk.do(
        ChangeCrmSettings(vin_check="warn", follow_up_day=2, follow_up_time=time(9), follow_up_due_day=3, follow_up_breach_day=5)
    )
    after = follow_up_of(desk, deliver(desk))
    assert (after.planned_at, after.due_at, after.breach_at) == (
        datetime(2026, 3, 4, 1, tzinfo=UTC),
        datetime(2026, 3, 5, 16, tzinfo=UTC),
        datetime(2026, 3, 7, 16, tzinfo=UTC),
    )
    assert follow_up_of(desk, before).planned_at == datetime(2026, 3, 3, 2, tzinfo=UTC)


def test_day_0_is_the_day_at_the_dealer(desk):
    """17:00 UTC is one o'clock tomorrow in Shanghai and noon today in New York."""
    desk.register("ny-queens", time_zone="America/New_York")
    delivery = a_delivery(desk, delivered_at=datetime(2026, 3, 2, 17, tzinfo=UTC))
    for dealer in ("sh-pudong", "ny-queens"):
        desk.hear(delivery, dealer=dealer)
    assert follow_up_of(desk, delivery).planned_at == datetime(2026, 3, 4, 2, tzinfo=UTC)
    assert follow_up_of(desk, delivery, dealer="ny-queens").planned_at == datetime(2026, 3, 3, 15, tzinfo=UTC)


def test_a_delivery_at_a_dealer_nobody_has_told_of_waits(desk):
    delivery = a_delivery(desk)
    desk.hear(delivery, dealer="gz-tianhe")
    (waiting,) = desk.parked()
    assert (waiting.subscriber, waiting.kind) == ("crm.schedule_follow_up", "early")


def test_a_reversed_delivery_is_not_followed_up(desk):
    delivery = deliver(desk)
    desk.hear(reversal_of(delivery), sequence=10, times=2)
    follow_up = follow_up_of(desk, delivery)
    assert (follow_up.state, follow_up.cancelled_because, follow_up.version) == ("cancelled", "wrong car", 2)
    (fact,) = desk.announced(FollowUpCancelled)
    assert (fact.follow_up_id, fact.revision, fact.reason) == (follow_up.id, 1, "wrong car")


def test_a_reversal_told_again_after_the_inbox_was_purged_changes_nothing(desk):
    delivery = deliver(desk)
    desk.hear(reversal_of(delivery))
    desk.hear(reversal_of(delivery))
    assert len(desk.announced(FollowUpCancelled)) == 1
    assert follow_up_of(desk, delivery).version == 2


def test_a_reversal_that_comes_before_its_delivery_waits_for_it(desk):
    delivery = a_delivery(desk)
    desk.hear(reversal_of(delivery))
    (waiting,) = desk.parked()
    assert (waiting.subscriber, waiting.kind) == ("crm.cancel_follow_up", "early")
    desk.hear(delivery)
    desk.hear(reversal_of(delivery))
    assert follow_up_of(desk, delivery).state == "cancelled"


def test_a_delivery_and_its_reversal_in_one_batch_end_cancelled_or_wait(desk):
    """In one session the reversal finds the delivery's job, or is told again later; it is never lost and never planned twice."""
    delivery = a_delivery(desk)
    bodies = [
        seal(
            one,
            subject=delivery.work_order_id,
            sequence=number,
            time=desk.clock.now(),
            dealer="sh-pudong",
            correlation_id=None,
            causation_id=None,
            traceparent=None,
            actor="test",
        ).to_json()
        for number, one in enumerate((delivery, reversal_of(delivery)), 1)
    ]
    desk.subscriber.process([Delivery("crm.schedule_follow_up", bodies[0]), Delivery("crm.cancel_follow_up", bodies[1])])
    waiting = [one.kind for one in desk.parked()]
    assert (follow_up_of(desk, delivery).state, waiting) in [("cancelled", []), ("scheduled", ["early"])]


def test_a_completed_follow_up_of_a_reversed_delivery_is_cancelled_and_keeps_what_was_said(desk):
    delivery = deliver(desk)
    done = reached(desk, delivery)
    desk.do(CompleteFollowUp(follow_up_id=done.id, outcome="satisfied", satisfaction=5))
    desk.hear(reversal_of(delivery))
    after = follow_up_of(desk, delivery)
    assert (after.state, after.outcome, after.satisfaction, len(after.attempts)) == ("cancelled", "satisfied", 5, 1)


def test_a_crm_agent_tries_reaches_and_completes(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    desk.do(RecordAttempt(follow_up_id=job.id, reached=False, note="no answer"), actor="zhao", if_match=1)
    desk.pass_time(hours=2)
    desk.do(RecordAttempt(follow_up_id=job.id, reached=True), actor="zhao", if_match=2)
    done = desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="problem", satisfaction=2, note="rattles"), if_match=3)
    assert (done.state, done.outcome, done.satisfaction, done.note, done.version) == ("completed", "problem", 2, "rattles", 4)
    assert [(one.number, one.by, one.reached, one.note) for one in done.attempts] == [
        (1, "zhao", False, "no answer"),
        (2, "zhao", True, None),
    ]
    assert follow_up_of(desk, delivery) == done
    assert [one.attempt for one in desk.announced(FollowUpAttempted)] == [1, 2]
    (fact,) = desk.announced(FollowUpCompleted)
    assert (fact.outcome, fact.satisfaction) == ("problem", 2)


def test_what_cannot_be_recorded_is_refused_by_name_and_leaves_nothing(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    with pytest.raises(Refused, match="customer_not_reached"):
        desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied", satisfaction=5))
    with pytest.raises(PreconditionFailed):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True), if_match=7)
    assert follow_up_of(desk, delivery) == job
    desk.hear(reversal_of(delivery))
    with pytest.raises(Refused, match="follow_up_cancelled"):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True))


def test_another_dealer_sees_no_follow_up(desk):
    delivery = deliver(desk)
    job = follow_up_of(desk, delivery)
    with pytest.raises(NotFound):
        follow_up_of(desk, delivery, dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(RecordAttempt(follow_up_id=job.id, reached=True), dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        desk.do(CompleteFollowUp(follow_up_id=job.id, outcome="satisfied"), dealer="bj-chaoyang")
    assert desk.ask(ListFollowUps(), dealer="bj-chaoyang").items == []


def test_follow_ups_are_listed_by_state_and_due_time(desk):
    today = deliver(desk)
    tomorrow = deliver(desk, delivered_at=desk.clock.now() + timedelta(days=1))
    gone = deliver(desk)
    desk.hear(reversal_of(gone))

    def orders(**criteria):
        return {one.work_order_id for one in desk.ask(ListFollowUps(**criteria)).items}

    assert orders(state="scheduled") == {today.work_order_id, tomorrow.work_order_id}
    assert orders(state="cancelled") == {gone.work_order_id}
    due = follow_up_of(desk, today).due_at
    assert orders(state="scheduled", due_before=due) == set()
    assert orders(state="scheduled", due_before=due + timedelta(seconds=1)) == {today.work_order_id}


def test_a_long_list_of_follow_ups_goes_on_where_the_page_ended(desk):
    wanted = {deliver(desk, delivered_at=desk.clock.now() + timedelta(days=day)).work_order_id for day in (0, 0, 1, 1, 2)}
    seen, cursor = [], None
    while True:
        page = desk.ask(ListFollowUps(limit=2, cursor=cursor))
        seen += [one.work_order_id for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == 5
    assert set(seen) == wanted


def test_a_delivery_feeds_the_odometer_and_the_declined_work_of_the_car_until_it_is_reversed(desk):
    vehicle = with_vehicle(desk)
    wipers = DeclinedLine(line_id=new_id(), kind="part", description="Wiper blades", reason="next time")
    brakes = DeclinedLine(line_id=new_id(), kind="labour", description="Brake fluid", reason="too dear", safety=True)
    kept = deliver(desk, vehicle=vehicle, mileage=50_000, declined=[wipers], delivered_at=desk.clock.now() - timedelta(days=90))
    wrong = deliver(desk, vehicle=vehicle, mileage=550_000, declined=[brakes])
    file = desk.ask(GetVehicle(vehicle_id=vehicle.vehicle_id))
    assert [one.mileage for one in file.mileage_history] == [550_000, 50_000]
    assert [(one.description, one.safety) for one in file.declined_work] == [("Brake fluid", True), ("Wiper blades", False)]
    desk.hear(reversal_of(wrong))
    file = desk.ask(GetVehicle(vehicle_id=vehicle.vehicle_id))
    assert [(one.mileage, one.work_order_id) for one in file.mileage_history] == [(50_000, kept.work_order_id)]
    assert [one.line_id for one in file.declined_work] == [wipers.line_id]
