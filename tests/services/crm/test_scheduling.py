"""crm through its entrypoints: the follow-up of a delivered order (Rule C2), whatever order its events come in."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, func, select

from chassis.events.subscription import Delivery
from chassis.store.tables import inbox
from chassis.wire.envelope import seal
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.crm.customer import RegisterCustomer
from contracts.crm.events import FollowUpCancelled, FollowUpScheduled
from contracts.crm.follow_up import CompleteFollowUp
from contracts.crm.settings import ChangeCrmSettings
from contracts.crm.vehicle import GetVehicle
from contracts.shared import CustomerFacts, DeclinedLine, DeliveredLine
from services.crm.follow_up.follow_up import FollowUp
from services.crm.vehicle.mileage import MileageReading
from services.crm.vehicle.vehicle import Vehicle
from tests.services.crm.deliveries import a_delivery, deliver, follow_up_of, reached, reversal_of


def with_vehicle(desk):
    """A vehicle whose file crm has; deliveries are received for it."""
    vehicle = Vehicle(
        dealer_id="sh-pudong",
        updated_at=desk.clock.now(),
        customer_id=new_id(),
        vin="1M8GDM9AXKP042788",
        vin_doubtful=False,
        plate="沪A12345",
        plate_key="沪A12345",
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
    file = desk.do(RegisterCustomer(name="Li Lei", phone="13800000001", preferred_time=time(15)))
    customer = CustomerFacts(customer_id=file.id, name="Li Lei", phone="13800000001")

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


def test_a_delivery_at_a_dealer_nobody_has_registered_waits(desk):
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


def test_a_reversal_received_again_after_the_inbox_was_purged_changes_nothing(desk):
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
    """In one session the reversal finds the delivery's follow-up or waits; it is not lost, and nothing is planned twice."""
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
    desk.do(CompleteFollowUp(follow_up_id=done.id, outcome="satisfied", satisfaction=5), actor="zhao")
    desk.hear(reversal_of(delivery))
    after = follow_up_of(desk, delivery)
    assert (after.state, after.outcome, after.satisfaction, len(after.attempts)) == ("cancelled", "satisfied", 5, 1)


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


def a_line(kind, description, **more):
    return DeliveredLine(
        line_id=new_id(), number=1, kind=kind, description=description, amount=Money.of("1.00", "CNY"), shares=[], **more
    )


@pytest.mark.parametrize("late", [False, True], ids=["in order", "the later delivery first"])
def test_declined_work_that_is_done_at_a_later_visit_is_declined_no_longer(desk, late):
    """Rule W8: however the lines are called, in whatever order the deliveries are heard, until that one is reversed."""
    vehicle = with_vehicle(desk)
    declined = [
        DeclinedLine(line_id=new_id(), kind="part", description="Wiper blades", reason="next time", part_number="WIPER"),
        DeclinedLine(line_id=new_id(), kind="labour", description="Brake fluid", reason="too dear", operation_code="FLUID"),
        DeclinedLine(line_id=new_id(), kind="sublet", description="Wheel alignment", reason="not now"),
        DeclinedLine(line_id=new_id(), kind="part", description="Filter", reason="not now", part_number="FILTER"),
    ]
    done = [
        a_line("part", "Wipers, front", part_number="WIPER"),
        a_line("labour", "Fluid", operation_code="FLUID"),
        a_line("sublet", "wheel ALIGNMENT"),
    ]
    first = a_delivery(desk, vehicle=vehicle, declined=declined, delivered_at=desk.clock.now() - timedelta(days=90))
    later = a_delivery(desk, vehicle=vehicle, lines=done)
    for fact in (later, first) if late else (first, later):
        desk.hear(fact, subject=fact.work_order_id, sequence=9)

    def still_declined():
        return [one.description for one in desk.ask(GetVehicle(vehicle_id=vehicle.vehicle_id)).declined_work]

    assert still_declined() == ["Filter"]
    desk.hear(reversal_of(later))
    assert sorted(still_declined()) == ["Brake fluid", "Filter", "Wheel alignment", "Wiper blades"]
