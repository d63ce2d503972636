"""A stop is quick, and a consumer finds back, whatever the line to the broker does."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from collections import Counter

import eventlet

from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, Unavailable
from tests.bus.consuming import Clerk, arrive, consuming, left, publish
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


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
