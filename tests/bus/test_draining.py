"""A stop loses and repeats nothing that was finished."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from collections import Counter

import eventlet
from kombu import Connection

from chassis.amqp.consumer import DrainingConsumer
from chassis.wire.call import Call
from tests.bus.consuming import Clerk, a_queue, arrive, consuming, left, publish
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_a_stop_waits_for_what_is_in_flight_and_leaves_the_rest(bus_uri, unique):
    publish(bus_uri, unique, 1, 2, 3)
    with consuming(bus_uri, unique, prefetch=1) as consumer:
        arrive(consumer, 1)
        stopping = eventlet.spawn(consumer.stop, 10)
        eventlet.sleep(1.2)
        assert not stopping.dead
        consumer.ack_message(consumer.arrived[0])
        stopping.wait()
        assert len(consumer.arrived) == 1, "it took another message while it was draining"
    assert [body for body, _ in left(bus_uri, unique)] == [2, 3]


def test_a_stop_ends_at_its_deadline_and_what_was_not_finished_comes_again(bus_uri, unique):
    publish(bus_uri, unique, 1)
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 1)
        started = time.monotonic()
        consumer.stop(0.3)
        assert 0.3 <= time.monotonic() - started < 2
    assert left(bus_uri, unique) == [(1, True)]


def test_what_arrives_while_draining_is_left_to_the_broker_without_a_loop(bus_uri, unique):
    """Messages that were under way when the stop came are neither handled nor requeued in circles."""
    publish(bus_uri, unique, 1)
    with consuming(bus_uri, unique) as consumer, Connection(bus_uri) as connection:
        arrive(consumer, 1)
        producer = connection.Producer()
        eventlet.spawn_after(0.3, consumer.ack_message, consumer.arrived[0])
        for body in (2, 3):
            producer.publish(body, routing_key=unique)
        consumer.stop(10)
        assert len(consumer.arrived) + len(left(bus_uri, unique)) == 3
        if bus_uri.startswith("embedded"):  # there nothing can have arrived before the stop
            assert len(consumer.arrived) == 1


def test_a_stop_that_comes_while_the_consumer_is_set_up_cancels_it_afterwards(bus_uri, unique, monkeypatch):
    publish(bus_uri, unique)
    original = DrainingConsumer.get_consumers

    def and_then_told_to_stop(self, *args):
        consumers = original(self, *args)
        self._draining = True
        return consumers

    monkeypatch.setattr(DrainingConsumer, "get_consumers", and_then_told_to_stop)
    with consuming(bus_uri, unique) as consumer, Connection(bus_uri) as connection:
        consumer.wait_until_consumer_ready()
        queue = a_queue(unique)(connection.default_channel)
        awaited(lambda: queue.queue_declare(passive=True).consumer_count == 0, "the consumer to be cancelled", seconds=5)


def test_an_idle_consumer_stops_soon(bus_uri, unique):
    with consuming(bus_uri, unique) as consumer:
        consumer.wait_until_consumer_ready()
        started = time.monotonic()
        consumer.stop()
        assert time.monotonic() - started < 1.5
        assert consumer.loop.dead


def test_a_stop_under_load_redelivers_nothing_that_was_finished(bus_uri, unique, serve, caller_to):
    """Two replicas of a service in turn: the first is stopped in the middle, the second does exactly the rest."""

    class First(Clerk):
        name = unique
        started, finished = Counter(), Counter()

    class Second(Clerk):
        name = unique
        started, finished = Counter(), Counter()

    first = serve(First, bus_uri, max_workers=5)
    caller = caller_to(bus_uri)
    calls = [eventlet.spawn(caller.call, unique, "work", number, Call(), 20) for number in range(25)]
    awaited(lambda: sum(First.finished.values()) >= 5, "the first replica to be in the middle of it", seconds=10)
    first.stop()
    assert First.started == First.finished, "the stop did not wait for what was running"
    assert sum(First.finished.values()) < 25
    serve(Second, bus_uri, max_workers=5)
    assert [call.wait() for call in calls] == list(range(25))
    assert First.finished + Second.finished == Counter(range(25)), "something finished was redelivered"


def test_calls_that_wait_for_a_worker_go_back_to_the_queue_on_a_stop(bus_uri, unique, serve, caller_to):
    class First(Clerk):
        name = unique
        started, finished = Counter(), Counter()

    first = serve(First, bus_uri, max_workers=1)
    busy = eventlet.Event()
    first._worker_pool.spawn(busy.wait)
    calling = eventlet.spawn(caller_to(bus_uri).call, unique, "work", 1, Call(), 10)
    [server] = [found for found in first.subextensions if hasattr(found, "answer")]
    awaited(lambda: server.consumer.in_flight == 1, "the call to wait for a worker", seconds=5)
    stopping = eventlet.spawn(first.stop)
    awaited(lambda: server.consumer.draining, "the stop", seconds=5)
    busy.send()
    stopping.wait()
    assert First.started == Counter()

    class Second(Clerk):
        name = unique
        started, finished = Counter(), Counter()

    serve(Second, bus_uri)
    assert calling.wait() == 1
