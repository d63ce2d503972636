"""RPC over lines that freeze and break, and callers that go: the outcome is known or said to be unknown, nothing leaks."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time

import eventlet
import pytest
from kombu import Connection

from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, Unavailable
from tests.bus.rpc_services import a_service
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_the_answer_is_sent_before_the_ack(bus_uri, unique, serve, caller_to, monkeypatch):
    container = serve(a_service(unique), bus_uri)
    [server] = [found for found in container.subextensions if hasattr(found, "answer")]
    order = []
    for name in ("send", "ack_message"):
        original = getattr(server.consumer, name)
        monkeypatch.setattr(server.consumer, name, lambda *a, _o=original, _n=name: (order.append(_n), _o(*a))[1])
    caller_to(bus_uri).call(unique, "ask", {}, Call(), timeout=5)
    awaited(lambda: len(order) == 2, "answer and ack", seconds=5)
    assert order == ["send", "ack_message"]


def test_a_broken_line_while_answering_repeats_the_call_and_the_caller_gets_its_answer(
    bus_uri, unique, serve, caller_to, monkeypatch
):
    parts = a_service(unique)
    container = serve(parts, bus_uri)
    [server] = [found for found in container.subextensions if hasattr(found, "answer")]

    def broken(*_args, **_options):
        raise BrokenPipeError("no line")

    monkeypatch.setattr(server.consumer._answers, "basic_publish", broken)
    assert caller_to(bus_uri).call(unique, "ask", {"n": 1}, Call(), timeout=5) == {"asked": {"n": 1}}
    assert parts.ran == [{"n": 1}, {"n": 1}]


def test_a_caller_that_has_gone_does_not_disturb_the_service(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    leaving = caller_to(bus_uri)
    calling = eventlet.spawn(leaving.call, unique, "hang", {}, Call(), 10)
    awaited(lambda: parts.ran, "the call to run", seconds=5)
    leaving.stop()
    with pytest.raises(DeadlineExceeded, match="outcome_unknown"):
        calling.wait()
    parts.go_on.send()
    assert caller_to(bus_uri).call(unique, "ask", {}, Call(), timeout=5) == {"asked": {}}


def test_a_stopped_caller_is_unavailable(bus_uri, unique, caller_to):
    caller = caller_to(bus_uri)
    caller.stop()
    with pytest.raises(Unavailable, match="bus_unavailable"):
        caller.call(unique, "ask", {}, Call(), timeout=5)


def test_a_frozen_broker_costs_a_caller_no_more_than_its_timeout(line, unique, serve, caller_to):
    serve(a_service(unique), line.uri)
    caller = caller_to(line.uri)
    caller.call(unique, "ask", {}, Call(), timeout=5)
    line.freeze()
    started = time.monotonic()
    calls = [eventlet.spawn(caller.call, unique, "ask", {"big": "x" * 400_000}, Call(), 1) for _ in range(20)]
    for call in calls:
        with pytest.raises((DeadlineExceeded, Unavailable)):
            call.wait()
    assert time.monotonic() - started < 1.5
    assert caller.pending == 0
    line.thaw()
    awaited(lambda: answers(caller, unique), "calls to be answered again", seconds=10)


def answers(caller, service):
    """Whether a call gets through."""
    try:
        caller.call(service, "ask", {}, Call(), timeout=1)
    except (DeadlineExceeded, Unavailable):
        return False
    return True


def test_connecting_to_a_frozen_broker_costs_no_more_than_the_timeout_either(line, unique, caller_to):
    line.freeze()
    caller = caller_to(line.uri)
    started = time.monotonic()
    with pytest.raises(Unavailable, match="bus_unavailable"):
        caller.call(unique, "ask", {}, Call(), timeout=0.5)
    assert time.monotonic() - started < 1


def test_a_lost_connection_ends_what_was_sent_at_once_with_unknown_outcome(line, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, line.uri)
    caller = caller_to(line.uri)
    calling = eventlet.spawn(caller.call, unique, "hang", {}, Call(), 30)
    awaited(lambda: parts.ran, "the call to run", seconds=5)
    started = time.monotonic()
    line.cut()
    with pytest.raises(DeadlineExceeded, match="outcome_unknown"):
        calling.wait()
    assert time.monotonic() - started < 1
    assert caller.pending == 0
    parts.go_on.send()


def test_without_a_broker_nothing_is_sent_and_with_it_all_find_together_again(line, unique, serve, caller_to):
    serve(a_service(unique), line.uri)
    caller = caller_to(line.uri)
    caller.call(unique, "ask", {}, Call(), timeout=5)
    line.cut()
    started = time.monotonic()
    with pytest.raises((Unavailable, DeadlineExceeded)):
        caller.call(unique, "ask", {}, Call(), timeout=0.5)
    with pytest.raises(Unavailable, match="bus_unavailable"):
        caller.call(unique, "ask", {}, Call(), timeout=0.5)
    assert time.monotonic() - started < 2
    line.mend()
    awaited(lambda: answers(caller, unique), "caller and service to be connected again", seconds=6)


def test_a_call_waits_for_a_connection_that_comes_back_in_time(line, unique, serve, module_amqp_uri, caller_to):
    serve(a_service(unique), module_amqp_uri)
    caller = caller_to(line.uri)
    caller.call(unique, "ask", {}, Call(), timeout=5)
    line.cut()
    eventlet.sleep(0.05)
    calling = eventlet.spawn(caller.call, unique, "ask", {"n": 1}, Call(), 10)
    eventlet.sleep(0.3)
    line.mend()
    assert calling.wait() == {"asked": {"n": 1}}


def test_the_reply_queue_goes_with_its_caller(bus_uri, caller_to, unique, serve):
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    caller.call(unique, "ask", {}, Call(), timeout=5)
    name = f"rpc.reply-tests-{caller._reply_to}"
    caller.stop()

    def gone():
        with Connection(bus_uri) as connection:
            try:
                connection.channel().queue_declare(name, passive=True)
            except connection.channel_errors:
                return True
            return False

    awaited(gone, "the reply queue to vanish", seconds=5)
