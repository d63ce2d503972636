"""RPC: every call ends by its deadline, and nothing is run after it."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time

import eventlet
import pytest
from kombu import Connection, Exchange, Queue

from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded
from tests.bus.rpc_services import a_service, expired, request, waiting
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_a_hung_service_costs_its_caller_the_timeout_and_leaks_nothing(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    caller = caller_to(bus_uri)
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        caller.call(unique, "hang", {}, Call(), timeout=0.3)
    assert 0.25 < time.monotonic() - started < 0.8
    assert caller.pending == 0
    parts.go_on.send()  # its late answer disturbs nobody
    assert caller.call(unique, "ask", {}, Call(), timeout=5) == {"asked": {}}


def test_the_callers_own_deadline_wins_over_a_longer_timeout(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        caller_to(bus_uri).call(unique, "hang", {}, Call(deadline=time.time() + 0.3), timeout=10)
    assert time.monotonic() - started < 0.8
    parts.go_on.send()


def test_a_call_past_its_deadline_is_not_even_sent(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    with pytest.raises(DeadlineExceeded):
        caller_to(bus_uri).call(unique, "ask", {}, Call(deadline=time.time() - 1), timeout=10)
    assert parts.ran == []


def test_an_expired_command_is_acknowledged_unrun_and_counted(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    with Connection(bus_uri) as connection:
        request(connection, unique, "ask", headers=Call(deadline=time.time() - 0.1).to_headers())
        awaited(lambda: expired(unique) == 1, "the expired call to be counted", seconds=5)
        caller_to(bus_uri).call(unique, "ask", {"n": 2}, Call(), timeout=5)
        assert parts.ran == [{"n": 2}]
        assert waiting(connection, unique) == 0


def test_a_command_that_expires_while_it_waits_for_a_worker_is_not_run(bus_uri, unique, serve, caller_to):
    """It is prefetched already, so that its expiration in the queue cannot help."""
    parts = a_service(unique)
    container = serve(parts, bus_uri, max_workers=1)
    free = eventlet.Event()
    container._worker_pool.spawn(free.wait)
    caller = caller_to(bus_uri)
    with pytest.raises(DeadlineExceeded):
        caller.call(unique, "ask", {"n": 1}, Call(), timeout=0.3)
    free.send()
    awaited(lambda: expired(unique) == 1, "the waiting call to be dropped", seconds=5)
    assert parts.ran == []
    assert caller.call(unique, "ask", {"n": 2}, Call(), timeout=5) == {"asked": {"n": 2}}


def test_a_command_still_in_the_queue_expires_there(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri, max_workers=1)
    caller = caller_to(bus_uri)
    hanging = eventlet.spawn(caller.call, unique, "hang", {"n": 0}, Call(), 10)
    awaited(lambda: parts.ran, "the only worker to be busy", seconds=5)
    with pytest.raises(DeadlineExceeded):
        caller.call(unique, "ask", {"n": 1}, Call(), timeout=0.3)
    parts.go_on.send()
    hanging.wait()
    caller.call(unique, "ask", {"n": 2}, Call(), timeout=5)
    assert parts.ran == [{"n": 0}, {"n": 2}]


def test_requests_are_transient_and_expire_with_their_deadline(bus_uri, unique, serve, caller_to):
    with Connection(bus_uri) as connection:
        queue = Queue(f"rpc-{unique}", Exchange("nameko-rpc", "topic"), f"{unique}.*")(connection.channel())
        queue.declare()
        caller = caller_to(bus_uri)
        calling = eventlet.spawn(caller.call, unique, "ask", {"a": 1}, Call(dealer="sh-01"), 5)
        message = awaited(lambda: queue.get(no_ack=True), "the request", seconds=5)
        assert message.properties["delivery_mode"] == 1
        assert message.properties["content_type"] == "application/json"
        assert 4000 < int(message.properties["expiration"]) <= 5000
        assert message.headers["servicelane.deadline"] == pytest.approx(time.time() + 5, abs=1)
        assert message.decode() == {"args": [], "kwargs": {"payload": {"a": 1}}}
        caller.stop()
        with pytest.raises(DeadlineExceeded):
            calling.wait()
        queue.delete()
