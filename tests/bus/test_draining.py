"""The consumer under RPC and subscriptions: a stop loses and repeats nothing that was finished, a broken line heals."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from collections import Counter
from contextlib import contextmanager

import eventlet
import pytest
from kombu import Connection, Exchange, Queue

from chassis.amqp.connection import backoff
from chassis.amqp.consumer import CLOUDEVENTS, DrainingConsumer
from chassis.rpc.server import RpcMethod
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, ServiceError, Unavailable
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited

method = RpcMethod.decorator(expected_exceptions=(ServiceError,))


@contextmanager
def consuming(uri, name, *, callbacks=None, prefetch=10, heartbeat=5, **options):
    """A consumer of the queue `name` whose loop runs; `consumer.arrived` lists its messages."""
    arrived = []
    consumer = DrainingConsumer(
        uri,
        queues=[a_queue(name)],
        callbacks=callbacks or [lambda body, message: arrived.append(message)],
        prefetch_count=prefetch,
        heartbeat=heartbeat,
        **options,
    )
    consumer.arrived = arrived
    consumer.loop = eventlet.spawn(consumer.run)
    try:
        yield consumer
    finally:
        consumer.stop(0)


def a_queue(name, **options):
    return Queue(name, Exchange(f"{name}.events", "topic"), routing_key="#", **options)


def publish(uri, name, *bodies, **options):
    """Put messages into the queue."""
    with Connection(uri) as connection:
        queue = a_queue(name)(connection.default_channel)
        queue.declare()
        producer = connection.Producer()
        for body in bodies:
            producer.publish(body, routing_key=name, **options)


def left(uri, name):
    """What is in the queue and with nobody, as (body, redelivered)."""
    found = []
    with Connection(uri) as connection:
        queue = a_queue(name)(connection.default_channel)
        while (message := queue.get(no_ack=True)) is not None:
            found.append((message.decode(), bool(message.delivery_info["redelivered"])))
    return found


def arrive(consumer, count):
    awaited(lambda: len(consumer.arrived) >= count, f"{count} messages to arrive", seconds=10)


def test_what_is_settled_in_any_way_is_no_longer_in_flight(bus_uri, unique):
    publish(bus_uri, unique, 1, 2, 3)
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 3)
        assert consumer.in_flight == 3
        consumer.ack_message(consumer.arrived[0])
        consumer.reject_message(consumer.arrived[1])
        assert consumer.in_flight == 1
        consumer.stop(0)
    publish(bus_uri, unique, 4)
    assert left(bus_uri, unique) == [(3, True), (4, False)]


def test_a_requeued_message_is_settled_here_and_comes_again(bus_uri, unique):
    publish(bus_uri, unique, 1)
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 1)
        consumer.requeue_message(consumer.arrived[0])
        arrive(consumer, 2)
        assert consumer.arrived[1].delivery_info["redelivered"]
        assert consumer.in_flight == 1
        consumer.ack_message(consumer.arrived[1])


def test_a_multiple_ack_settles_a_batch(bus_uri, unique):
    publish(bus_uri, unique, *range(6))
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 6)
        consumer.ack_upto(consumer.arrived[3])
        assert consumer.in_flight == 2
        assert [message.acknowledged for message in consumer.arrived] == [True] * 4 + [False] * 2
    assert left(bus_uri, unique) == [(4, True), (5, True)]


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


def test_messages_of_a_lost_connection_are_not_in_flight_and_come_again(bus_uri, unique):
    publish(bus_uri, unique, 1)
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 1)
        before = consumer.channel
        consumer.sever()
        arrive(consumer, 2)
        assert consumer.in_flight == 1
        assert consumer.channel is not before
        consumer.ack_message(consumer.arrived[0])  # its channel is gone: nothing happens, and above all no error
        assert consumer.in_flight == 1
        consumer.ack_message(consumer.arrived[1])
    assert left(bus_uri, unique) == []


@pytest.mark.parametrize("error", [BrokenPipeError("x"), ConnectionResetError("x"), TimeoutError("x")])
@pytest.mark.parametrize("way", ["ack_message", "requeue_message", "reject_message", "ack_upto"])
def test_a_line_that_breaks_while_settling_is_replaced(bus_uri, unique, monkeypatch, way, error):
    publish(bus_uri, unique, 1)
    with consuming(bus_uri, unique) as consumer:
        arrive(consumer, 1)

        def broken(*_args, **_options):
            raise error

        monkeypatch.setattr(consumer.channel, "basic_ack", broken)
        monkeypatch.setattr(consumer.channel, "basic_reject", broken)
        getattr(consumer, way)(consumer.arrived[0])
        arrive(consumer, 2)
        assert consumer.arrived[1].delivery_info["redelivered"]
        consumer.ack_message(consumer.arrived[1])
    assert left(bus_uri, unique) == []


def test_cloudevents_and_json_are_understood(bus_uri, unique):
    bodies = []
    publish(bus_uri, unique, b'{"id": "1"}', content_type=CLOUDEVENTS, content_encoding="utf-8")
    publish(bus_uri, unique, {"id": "2"})
    with consuming(
        bus_uri, unique, callbacks=[lambda body, message: (bodies.append(body), consumer.ack_message(message))]
    ) as consumer:
        awaited(lambda: len(bodies) == 2, "both messages", seconds=5)
    assert bodies == [{"id": "1"}, {"id": "2"}]


def test_without_decoding_the_body_comes_as_it_was_sent(bus_uri, unique):
    bodies = []
    publish(bus_uri, unique, b"{", content_type="application/json", content_encoding="utf-8")
    with consuming(
        bus_uri, unique, decode=False, callbacks=[lambda body, message: (bodies.append(body), consumer.ack_message(message))]
    ) as consumer:
        awaited(lambda: bodies, "the message", seconds=5)
    assert bodies == [b"{"]
    assert left(bus_uri, unique) == []


def test_what_cannot_be_decoded_goes_to_the_hook_and_is_not_acknowledged_before(bus_uri, unique):
    odd = []
    publish(bus_uri, unique, b"{", content_type="application/json", content_encoding="utf-8")
    with consuming(bus_uri, unique, undecodable=lambda message, error: odd.append(message)) as consumer:
        awaited(lambda: odd, "the hook to be called", seconds=5)
        assert consumer.in_flight == 1
        assert bytes(odd[0].body if isinstance(odd[0].body, bytes) else odd[0].body.encode()) == b"{"
        consumer.ack_message(odd[0])
        assert consumer.in_flight == 0


def test_without_a_hook_what_cannot_be_decoded_ends_in_the_dead_letter_queue(module_amqp_uri, unique):
    with Connection(module_amqp_uri) as connection:
        dead = Queue(f"{unique}.dead", Exchange(f"{unique}.dead", "fanout"))(connection.default_channel)
        dead.declare()
        channel = connection.channel()
        arguments = {"x-dead-letter-exchange": f"{unique}.dead"}
        queue = a_queue(unique, queue_arguments=arguments)
        queue(channel).declare()
        connection.Producer().publish(b"{", routing_key=unique, content_type="application/json", content_encoding="utf-8")
        consumer = DrainingConsumer(module_amqp_uri, queues=[queue], heartbeat=5)
        eventlet.spawn(consumer.run)
        letter = awaited(lambda: dead.get(no_ack=True), "the dead letter", seconds=5)
        consumer.stop(0)
        assert letter.body in ("{", b"{")


def test_a_loop_that_goes_round_is_alive_and_one_that_does_not_is_not(bus_uri, unique):
    with consuming(bus_uri, unique) as consumer:
        consumer.wait_until_consumer_ready()
        eventlet.sleep(0.8)
        assert consumer.alive(max_age=0.7)
        consumer.loop.kill()
        eventlet.sleep(0.4)
        assert not consumer.alive(max_age=0.3)


def test_the_wait_before_connecting_again_grows_to_two_seconds_and_no_further():
    waits = [backoff(failures) for failures in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] <= 0.1
    assert max(waits) == 2


# -- a service under load ------------------------------------------------------------------------------------------------


class Clerk:
    """Counts what it starts and what it finishes."""

    started: Counter
    finished: Counter

    @method
    def work(self, payload):
        self.started[payload] += 1
        eventlet.sleep(0.7)  # longer than a consumer takes to notice that it is told to stop
        self.finished[payload] += 1
        return payload


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


# -- a broker in trouble -------------------------------------------------------------------------------------------------


def test_heartbeats_go_on_while_draining(line, unique):
    """The drain takes much longer than two heartbeats; the broker would have hung up, and the ack would be lost."""
    publish(line.uri, unique, 1)
    with consuming(line.uri, unique, heartbeat=1) as consumer:
        arrive(consumer, 1)
        stopping = eventlet.spawn(consumer.stop, 10)
        eventlet.sleep(3.5)
        consumer.ack_message(consumer.arrived[0])
        stopping.wait()
    assert left(line.uri, unique) == []


def test_a_stop_while_the_broker_is_away_is_quick(line, unique):
    with consuming(line.uri, unique) as consumer:
        consumer.wait_until_consumer_ready()
        line.cut()
        eventlet.sleep(0.3)
        started = time.monotonic()
        consumer.stop(5)
        assert time.monotonic() - started < 2
        assert consumer.loop.dead


def test_a_stop_before_the_first_connection_frees_who_waits_for_it(line, unique):
    line.cut()
    with consuming(line.uri, unique) as consumer:
        waiting = eventlet.spawn(consumer.wait_until_consumer_ready)
        eventlet.sleep(0.2)
        consumer.stop(5)
        with eventlet.Timeout(1, AssertionError("still waiting for the first connection")):
            waiting.wait()
        assert consumer.loop.dead


def test_a_stop_that_races_a_reconnect_takes_nothing(line, unique):
    publish(line.uri, unique, 1)
    with consuming(line.uri, unique) as consumer:
        arrive(consumer, 1)
        line.cut()
        stopping = eventlet.spawn(consumer.stop, 3)
        eventlet.sleep(0)
        line.mend()
        stopping.wait()
        assert len(consumer.arrived) == 1
    assert left(line.uri, unique) == [(1, True)]


def test_a_frozen_broker_does_not_hold_up_a_stop(line, unique):
    publish(line.uri, unique, 1)
    with consuming(line.uri, unique) as consumer:
        arrive(consumer, 1)
        line.freeze()
        started = time.monotonic()
        consumer.stop(0.5)
        assert time.monotonic() - started < 5
        assert consumer.loop.dead


def test_a_frozen_broker_is_noticed_by_its_missing_heartbeats(line, unique):
    with consuming(line.uri, unique, heartbeat=1) as consumer:
        consumer.wait_until_consumer_ready()
        before = consumer.channel
        line.freeze()
        awaited(lambda: consumer.channel is None, "the connection to be given up", seconds=8)
        eventlet.sleep(4.5)
        assert consumer.alive(max_age=4), "it waits for a polite goodbye from a broker that does not answer"
        line.thaw()
        awaited(lambda: consumer.channel not in (None, before), "another connection", seconds=8)


def test_after_an_outage_the_consumer_is_back_within_the_backoff(line, unique):
    with consuming(line.uri, unique) as consumer:
        consumer.wait_until_consumer_ready()
        before = consumer.channel
        line.cut()
        eventlet.sleep(3)
        assert consumer.alive(max_age=3), "a broker that is away is no reason to restart the service"
        line.mend()
        awaited(lambda: consumer.channel not in (None, before), "another connection", seconds=3)
        publish(line.uri, unique, 1)
        arrive(consumer, 1)


def test_a_service_survives_the_brokers_restart(line, unique, serve, caller_to):
    class Survivor(Clerk):
        name = unique
        started, finished = Counter(), Counter()

    container = serve(Survivor, line.uri)
    caller = caller_to(line.uri)
    for number in range(3):
        line.cut()
        line.mend()

        def answered(number=number):
            try:
                return caller.call(unique, "work", number, Call(), 2) == number
            except (Unavailable, DeadlineExceeded):
                return False

        awaited(answered, "the service to answer again", seconds=10)
    assert not container._died.ready()
