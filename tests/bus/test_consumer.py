"""The consumer under RPC and subscriptions: what it settles, what it understands, and whether it is alive."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import eventlet
import pytest
from kombu import Connection, Exchange, Queue

from chassis.amqp.connection import backoff
from chassis.amqp.consumer import CLOUDEVENTS, DrainingConsumer
from tests.bus.consuming import a_queue, arrive, consuming, left, publish
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


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
