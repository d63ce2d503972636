"""RPC: a call is answered under its caller's context, with an answer or a typed error, also by and to plain nameko."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from uuid import uuid4

import eventlet
import pytest
from kombu import Connection, Queue
from nameko.exceptions import IncorrectSignature, MethodNotFound, RemoteError
from nameko.rpc import rpc
from nameko.standalone.rpc import ClusterRpcClient

from chassis.amqp.connection import close, connect
from chassis.wire.call import Call
from chassis.wire.errors import Refused, ServiceError, Unavailable
from chassis.wire.replayed import Replayed
from tests.bus.rpc_services import ADVISOR, a_service, method, request, waiting
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited


def test_a_call_is_answered_under_the_callers_context(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    answer = caller_to(bus_uri).call(unique, "who", {}, ADVISOR, timeout=5)
    seen = Call.from_headers(answer["call"])
    assert seen.deadline == pytest.approx(time.time() + 5, abs=2)
    assert Call.to_headers(seen) == Call.to_headers(Call(**{**vars(ADVISOR), "deadline": seen.deadline}))


def test_each_call_has_an_id_of_its_own(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    ids = {caller.call(unique, "who", {}, Call(), timeout=5)["message_id"] for _ in range(3)}
    assert len(ids) == 3


def test_concurrent_calls_get_their_own_answers(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri, max_workers=4)
    caller = caller_to(bus_uri)
    calls = [eventlet.spawn(caller.call, unique, "ask", {"n": n}, Call(), 10) for n in range(60)]
    assert [call.wait() for call in calls] == [{"asked": {"n": n}} for n in range(60)]
    assert caller.pending == 0


def test_large_answers_and_requests_do_not_get_into_each_others_way(bus_uri, unique, serve, caller_to):
    """While an answer is half read, other green threads publish over the same connection."""
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    large = "x" * 300_000

    def keep_asking(n):
        return [caller.call(unique, "ask", {"n": n, "large": large}, Call(), 20)["asked"]["n"] for _ in range(10)]

    asking = [eventlet.spawn(keep_asking, n) for n in range(8)]
    assert [one.wait() for one in asking] == [[n] * 10 for n in range(8)]


def test_publishing_never_reads_from_the_connection(module_amqp_uri, monkeypatch):
    """One green thread reads; py-amqp's own look at the socket before a publish would tear its frames apart."""
    connection = connect(module_amqp_uri, heartbeat=5)
    channel = connection.channel()

    def read(*_args, **_options):
        raise AssertionError("the publisher reads from the connection")

    with monkeypatch.context() as patched:
        patched.setattr(connection.connection, "drain_events", read)
        channel.basic_publish(channel.prepare_message(b"x"), exchange="", routing_key="nobody")
    close(connection)


def test_an_answer_given_before_arrives_as_one(bus_uri, unique, serve, caller_to):
    """So that the gateway can mark it; another answer does not."""
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    again, first = (caller.call(unique, method, {"n": 1}, Call(), 5) for method in ("ask_again", "ask"))
    assert again == first == {"asked": {"n": 1}}
    assert (type(again), type(first)) == (Replayed, dict)


def test_a_refusal_arrives_as_an_instance_with_code_and_details(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    with pytest.raises(Refused) as refusal:
        caller_to(bus_uri).call(unique, "refuse", {}, Call(), timeout=5)
    assert refusal.value.code == "not_enough_stock"
    assert refusal.value.details == {"part": "A-1", "available": 2, "wanted": "3.5", "bins": ["R1"], "nothing": None}


def test_an_unknown_exception_is_an_internal_error_that_tells_no_secrets(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    with pytest.raises(ServiceError, match="internal_error") as failure:
        caller_to(bus_uri).call(unique, "break_down", {}, Call(), timeout=5)
    assert failure.value.details == {"service": unique, "method": "break_down", "error": "KeyError"}


def test_a_method_that_does_not_exist_is_an_unknown_method(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    with pytest.raises(ServiceError) as failure:
        caller_to(bus_uri).call(unique, "nothing", {}, Call(), timeout=5)
    assert failure.value.code == "unknown_method"


@pytest.mark.parametrize("name", ["give_what_no_json_can_hold", "refuse_with_what_no_json_can_hold"])
def test_an_answer_that_cannot_be_encoded_is_an_error_and_the_service_lives(bus_uri, unique, serve, caller_to, name):
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    with pytest.raises(ServiceError):
        caller.call(unique, name, {}, Call(), timeout=5)
    assert caller.call(unique, "ask", {}, Call(), timeout=5) == {"asked": {}}


def test_a_service_without_queue_is_unavailable_at_once(bus_uri, unique, serve, caller_to):
    serve(a_service(unique), bus_uri)
    caller = caller_to(bus_uri)
    caller.call(unique, "ask", {}, Call(), timeout=5)
    started = time.monotonic()
    with pytest.raises(Unavailable) as failure:
        caller.call(f"{unique}gone", "ask", {}, Call(), timeout=5)
    assert time.monotonic() - started < 0.5
    assert (failure.value.code, failure.value.details) == ("service_unavailable", {"service": f"{unique}gone"})
    assert caller.pending == 0


def test_a_message_without_reply_to_is_run_and_harms_nobody(bus_uri, unique, serve, caller_to):
    parts = a_service(unique)
    serve(parts, bus_uri)
    with Connection(bus_uri) as connection:
        request(connection, unique, "ask")
        awaited(lambda: parts.ran == [1], "the call without reply_to to run", seconds=5)
    assert caller_to(bus_uri).call(unique, "ask", {"n": 2}, Call(), timeout=5) == {"asked": {"n": 2}}


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b"{", {}),
        (b"\xff\xfe", {}),
        (b"x", {"content_type": "application/x-unheard-of", "headers": {}}),
        (b'"text"', {}),
        (b"null", {}),
        (b'{"args": []}', {}),
        (b'{"args": {}, "kwargs": {}}', {}),
        (b'{"args": {"payload": 1}, "kwargs": {}}', {}),
        (b'{"args": [], "kwargs": [1]}', {}),
        (b'{"args": [1, 2, 3], "kwargs": {}}', {}),
        (b'{"args": [1], "kwargs": {}}', {"content_type": "application/json", "headers": {"servicelane.roles": 7}}),
        (b'{"args": [1], "kwargs": {}}', {"content_type": "application/json", "headers": {"servicelane.deadline": "soon"}}),
    ],
)
def test_a_request_that_makes_no_sense_is_told_so_and_is_gone(bus_uri, unique, serve, body, properties):
    parts = a_service(unique)
    serve(parts, bus_uri)
    with Connection(bus_uri) as connection:
        replies = Queue(exclusive=True)(connection.channel())
        replies.declare()
        replies.bind_to("nameko-rpc", routing_key=replies.name)
        request(connection, unique, "ask", body, reply_to=replies.name, correlation_id="c", **properties)
        answer = awaited(lambda: replies.get(no_ack=True), "an answer", seconds=5)
        assert answer.properties["correlation_id"] == "c"
        assert answer.decode()["error"]["exc_type"] in {"MalformedRequest", "IncorrectSignature"}
        assert waiting(connection, unique) == 0
        assert parts.ran == []
        request(connection, unique, "ask")
        awaited(lambda: parts.ran == [1], "the next request to run", seconds=5)


def test_a_plain_nameko_client_may_call_us(bus_uri, unique, serve):
    serve(a_service(unique), bus_uri)
    with ClusterRpcClient(timeout=5) as client:
        assert client[unique].ask(payload={"n": 1}) == {"asked": {"n": 1}}
        assert client[unique].ask({"n": 2}) == {"asked": {"n": 2}}
        # This process knows our errors, so that they arrive as instances; elsewhere it would be nameko's RemoteError.
        with pytest.raises(Refused):
            client[unique].refuse({})
        with pytest.raises(RemoteError, match="KeyError"):
            client[unique].break_down({})
        with pytest.raises(MethodNotFound):
            client[unique].nothing()
        with pytest.raises(IncorrectSignature):
            client[unique].ask()


def test_we_may_call_a_plain_nameko_service(bus_uri, unique, serve, caller_to):
    class Plain:
        name = unique

        @rpc
        def ask(self, payload):
            return payload["n"] + 1

    serve(Plain, bus_uri)
    assert caller_to(bus_uri).call(unique, "ask", {"n": 1}, Call(dealer="sh-01"), timeout=5) == 2


def test_a_service_may_call_another_while_it_answers(bus_uri, unique, serve, caller_to):
    caller = caller_to(bus_uri)

    class Gateway:
        name = f"{unique}gateway"

        @method
        def forward(self, payload):
            return caller.call(unique, "ask", payload, Call(), 5)

    serve(a_service(unique), bus_uri)
    serve(Gateway, bus_uri)
    with ClusterRpcClient(timeout=5) as client:
        assert client[Gateway.name].forward({"n": 1}) == {"asked": {"n": 1}}


def test_no_two_services_share_a_queue(bus_uri, unique, serve, caller_to):
    one, other = a_service(unique), a_service(f"{unique}other{uuid4().hex[:4]}")
    serve(one, bus_uri)
    serve(other, bus_uri)
    caller_to(bus_uri).call(one.name, "ask", {"n": 1}, Call(), timeout=5)
    assert (len(one.ran), len(other.ran)) == (1, 0)
