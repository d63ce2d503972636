"""The in-process bus: who gets a message, how many at once, and what becomes of what is not acknowledged."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time

import eventlet
import pytest
from amqp.exceptions import (
    PreconditionFailed,
    RecoverableConnectionError,
)
from kombu import Consumer

from chassis.amqp.connection import sever
from tests.unit.chassis.embedded_bus import a_queue, bodies, channel, connect, consume, drain, drain_one, publish, uri  # noqa: F401  # fixtures


def test_a_waiting_green_thread_wakes_at_once(connect):
    receiving, sending = connect(), connect().channel()
    arrived = consume(receiving.channel(), a_queue())
    waited = []

    def wait():
        receiving.drain_events(timeout=5)
        waited.append(time.monotonic())

    thread = eventlet.spawn(wait)
    eventlet.sleep(0.05)
    sent = time.monotonic()
    publish(sending)
    thread.wait()
    assert len(arrived) == 1
    assert waited[0] - sent < 0.02


def test_draining_times_out_like_a_socket(connect):
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        connect().drain_events(timeout=0.05)
    assert 0.04 < time.monotonic() - started < 0.5


def test_prefetch_bounds_what_a_consumer_holds_and_an_ack_frees_a_place(channel):
    arrived = consume(channel, a_queue(), prefetch=2)
    for number in range(5):
        publish(channel, str(number))
    drain(channel.connection.client)
    assert bodies(arrived) == ["0", "1"]
    arrived[0].ack()
    drain(channel.connection.client)
    assert bodies(arrived) == ["0", "1", "2"]


def test_a_multiple_ack_settles_all_before_it(channel):
    arrived = consume(channel, a_queue(), prefetch=3)
    for number in range(6):
        publish(channel, str(number))
    drain(channel.connection.client)
    arrived[1].ack(multiple=True)
    drain(channel.connection.client)
    assert bodies(arrived) == ["0", "1", "2", "3", "4"]


def test_two_consumers_of_a_queue_take_turns(connect):
    first, second = connect(), connect()
    ours, theirs = consume(first.channel(), a_queue()), consume(second.channel(), a_queue())
    sending = connect().channel()
    for number in range(4):
        publish(sending, str(number))
    drain(first)
    drain(second)
    assert (bodies(ours), bodies(theirs)) == (["0", "2"], ["1", "3"])


def test_a_requeued_message_returns_to_its_place_marked_redelivered(channel):
    connection = channel.connection.client
    arrived = consume(channel, a_queue(), prefetch=1)
    publish(channel, "first")
    publish(channel, "second")
    drain_one(connection, arrived, 1)
    arrived[0].requeue()
    drain_one(connection, arrived, 2)
    assert bodies(arrived) == ["first", "first"]
    assert [message.delivery_info["redelivered"] for message in arrived] == [False, True]


def test_a_rejected_message_is_gone(channel):
    queue = a_queue()(channel)
    arrived = consume(channel, a_queue())
    publish(channel)
    drain(channel.connection.client)
    arrived[0].reject()
    assert queue.queue_declare(passive=True).message_count == 0


def test_settling_twice_is_an_error_of_the_channel(channel):
    arrived = consume(channel, a_queue())
    publish(channel)
    drain(channel.connection.client)
    arrived[0].ack()
    with pytest.raises(PreconditionFailed):
        channel.basic_ack(arrived[0].delivery_tag)


def test_a_cancelled_consumer_gets_no_more_but_may_settle_what_it_has(connect):
    connection = connect()
    channel = connection.channel()
    arrived = []
    consumer = Consumer(channel, [a_queue()], on_message=arrived.append)
    consumer.consume()
    publish(channel, "before")
    drain(connection)
    consumer.cancel()
    publish(channel, "after")
    drain(connection)
    arrived[0].ack()
    assert bodies(arrived) == ["before"]
    assert bodies([a_queue()(channel).get(no_ack=True)]) == ["after"]


def test_what_a_lost_connection_held_is_delivered_again_in_order(connect):
    losing, keeping = connect(), connect()
    taken = consume(losing.channel(), a_queue(), prefetch=2)
    sending = connect().channel()
    for number in range(3):
        publish(sending, str(number))
    drain(losing)
    assert bodies(taken) == ["0", "1"]
    losing.collect()
    again = consume(keeping.channel(), a_queue())
    drain(keeping)
    assert bodies(again) == ["0", "1", "2"]
    assert [message.delivery_info["redelivered"] for message in again] == [True, True, False]


def test_a_severed_connection_fails_its_reader_and_its_writers_but_nobody_else(connect):
    severed, other = connect(), connect().channel()
    channel = severed.channel()
    arrived = consume(channel, a_queue())
    sever(severed)
    publish(other)  # the dead consumer is still subscribed, as on a broker that has not noticed yet
    with pytest.raises(RecoverableConnectionError, match="closed"):
        publish(channel)
    with pytest.raises(OSError, match="closed connection"):
        drain(severed)
    severed.collect()
    assert arrived == []
    assert a_queue()(other).get().delivery_info["redelivered"]


def test_an_expired_message_is_not_delivered(channel):
    arrived = consume(channel, a_queue(), prefetch=1)
    publish(channel, "lives")
    publish(channel, "expires", properties={"expiration": "20"})
    publish(channel, "lives too", properties={"expiration": "60000"})
    drain_one(channel.connection.client, arrived, 1)
    eventlet.sleep(0.05)
    arrived[0].ack()
    drain(channel.connection.client)
    assert bodies(arrived) == ["lives", "lives too"]


def test_a_consumer_that_always_finds_work_lets_others_run(connect):
    connection = connect()
    channel = connection.channel()
    others_turn = []

    def give_back(message):
        message.requeue()

    consumer = Consumer(channel, [a_queue()], on_message=give_back)
    consumer.consume()
    publish(channel)
    eventlet.spawn(others_turn.append, "ran")
    for _ in range(200):
        connection.drain_events(timeout=1)
    assert others_turn == ["ran"]
