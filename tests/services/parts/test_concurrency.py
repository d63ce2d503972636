"""Many hands on the same parts: nothing is sold twice, nothing is lost, nobody deadlocks."""

import random

import eventlet
import pytest
from sqlalchemy import event

from chassis.events.subscriber import Subscriber
from chassis.events.subscription import Delivery
from chassis.wire.errors import Refused
from chassis.work.executor import Executor
from contracts.parts.events import StockDeducted
from services.parts.service import PartsService
from tests.services.desk import Desk
from tests.services.parts.facts import want
from tests.services.parts.scene import delivery, envelope_of, installed

ORDERS = 50


@pytest.fixture
def database(migrated_database):
    return migrated_database(PartsService)


@pytest.fixture
def desk(database):
    return Desk(PartsService, url=database.url)


@pytest.fixture
def replica(desk):
    """A second replica of the service on the same database, with connections of its own."""
    return Subscriber(Executor(desk.executor.settings, clock=desk.clock), desk.subscriptions)


def at_once(*works):
    """Run them in green threads; what each returned, or raised."""

    def outcome(work):
        try:
            return work()
        except Refused as refusal:
            return refusal.code

    threads = [eventlet.spawn(outcome, work) for work in works]
    with eventlet.Timeout(60, TimeoutError("green threads that never end")):
        return [thread.wait() for thread in threads]


def test_of_many_who_issue_the_last_piece_exactly_one_gets_it(scene):
    scene.in_stock("PAD", "1")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "20"))
    outcomes = at_once(*(lambda: scene.issue("order", "line", "1").kind for _ in range(20)))
    assert sorted(outcomes) == ["issue"] + ["not_enough_stock"] * 19
    assert scene.balance("PAD") == {"supplier": -1, "wip": 1}
    scene.assert_the_books_agree()


def test_of_many_orders_that_want_the_last_piece_the_oldest_is_issued_it(scene):
    scene.catalogued("PAD")
    for number in range(10):
        scene.opened(f"order {number}")
        scene.approved(f"order {number}", want("line", "PAD", "1"))
        scene.desk.pass_time(minutes=1)
    scene.received("PAD", "1")
    outcomes = at_once(*(lambda number=number: scene.issue(f"order {number}", "line", "1").kind for number in range(10)))
    assert outcomes[0] == "issue"
    assert set(outcomes[1:]) <= {"reserved_for_others", "not_enough_stock"}
    scene.assert_the_books_agree()


def test_of_many_who_reserve_the_last_piece_exactly_one_gets_it(scene):
    scene.in_stock("PAD", "1")
    at_once(*(lambda number=number: scene.booked(f"appointment {number}", want("a", "PAD", "1")) for number in range(20)))
    got = [scene.set_aside(appointment=f"appointment {number}")["PAD"][0] for number in range(20)]
    assert sorted(got) == [0] * 19 + [1]
    scene.assert_the_books_agree()


def a_batch_of_deliveries(numbers, hot_parts):
    """Orders with five lines each; every order names the hot parts in another order."""
    deliveries = []
    for number in numbers:
        chosen = random.Random(number).sample(hot_parts, 5)
        lines = [installed(f"line {place}", part, "1", place) for place, part in enumerate(chosen, start=1)]
        body = envelope_of(delivery(f"order {number}", *lines), sequence=10)
        deliveries.append(Delivery("parts.deduct_stock", body))
    return deliveries


def test_two_replicas_deduct_the_same_hot_parts_without_deadlock_or_lost_update(scene, desk, replica):
    hot = [f"HOT-{number}" for number in range(8)]
    for part in hot:
        scene.in_stock(part, "1000")
    lost_races = []
    for executor in (desk.executor, replica._executor):
        event.listen(executor.engine, "handle_error", lambda context: lost_races.append(str(context.original_exception)))
    batches = [a_batch_of_deliveries(range(start, start + ORDERS), hot) for start in (0, 100, 200, 300)]
    at_once(
        lambda: [desk.subscriber.process(batch) for batch in batches[:2]],
        lambda: [replica.process(batch) for batch in batches[2:]],
    )
    assert lost_races == []
    assert sum(scene.balance(part)["customer"] for part in hot) == 4 * ORDERS * 5
    assert len(desk.announced(StockDeducted)) == 4 * ORDERS
    scene.assert_the_books_agree()


def test_two_replicas_that_receive_the_same_deliveries_deduct_them_once(scene, desk, replica):
    hot = [f"HOT-{number}" for number in range(8)]
    for part in hot:
        scene.in_stock(part, "1000")
    batch = a_batch_of_deliveries(range(ORDERS), hot)
    again = a_batch_of_deliveries(range(ORDERS), hot)  # the same events under new message ids
    at_once(lambda: desk.subscriber.process(batch), lambda: replica.process(batch[::-1]))
    at_once(lambda: desk.subscriber.process(again), lambda: replica.process(again[::-1]))
    assert sum(scene.balance(part)["customer"] for part in hot) == ORDERS * 5
    assert len(desk.announced(StockDeducted)) == ORDERS
    scene.assert_the_books_agree()


def test_a_batch_of_deliveries_costs_few_statements_an_order(scene, desk):
    """The hot path loads the deduction, the reservation and its lines for each order, and the balances once."""
    hot = [f"HOT-{number}" for number in range(8)]
    for part in hot:
        scene.in_stock(part, "1000")
    batch = []
    for number in range(20):
        scene.opened(f"order {number}")
        scene.approved(f"order {number}", *(want(f"line {place}", hot[place], "1") for place in range(5)))
        for place in range(5):
            scene.issue(f"order {number}", f"line {place}", "1")
        lines = [installed(f"line {place}", hot[place], "1", place + 1) for place in range(5)]
        batch.append(Delivery("parts.deduct_stock", envelope_of(delivery(f"order {number}", *lines), sequence=10)))
    reads, writes = [], []

    @event.listens_for(desk.executor.engine, "before_cursor_execute")
    def count(connection, cursor, statement, *rest):
        (reads if statement.lstrip().startswith("SELECT") else writes).append(statement)

    desk.subscriber.process(batch)
    assert len(reads) <= 3 * 20 + 4
    assert len([one for one in writes if not one.startswith("UPDATE reservation ")]) <= 10
    assert sum(scene.balance(part).get("wip", 0) for part in hot) == 0
    scene.assert_the_books_agree()
