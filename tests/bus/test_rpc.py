"""RPC: every call ends by its deadline, with an answer or a typed error, and nothing a caller sends kills a service."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from uuid import uuid4

import eventlet
import nameko
import pytest
from kombu import Connection, Exchange, Queue
from nameko.exceptions import IncorrectSignature, MethodNotFound, RemoteError
from nameko.rpc import rpc
from nameko.standalone.rpc import ClusterRpcClient

from chassis.amqp.connection import close, connect
from chassis.process.metrics import Metrics
from chassis.rpc.server import RpcMethod
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, Refused, ServiceError, Unavailable
from tests.bus.rpc_world import bus_uri, caller_to, line, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited

method = RpcMethod.decorator(expected_exceptions=(ServiceError,))

ADVISOR = Call(dealer="sh-01", principal="user:7", actor="Li", roles=("advisor", "cashier"), idempotency_key="k1", if_match=3)


class Context(nameko.extensions.DependencyProvider):
    """Gives a worker its context."""

    def get_dependency(self, worker_ctx):
        return worker_ctx.context_data


def a_service(unique):
    """A service class of that name; `ran` lists what its methods were given."""

    class Parts:
        name = unique
        context = Context()
        ran = []  # noqa: RUF012  # shared by the workers on purpose
        go_on = eventlet.Event()

        @method
        def ask(self, payload):
            self.ran.append(payload)
            return {"asked": payload}

        @method
        def who(self, payload):
            return {"call": self.context["call"].to_headers(), "message_id": self.context["message_id"]}

        @method
        def refuse(self, payload):
            raise Refused("not_enough_stock", part="A-1", available=2, wanted="3.5", bins=["R1"], nothing=None)

        @method
        def break_down(self, payload):
            raise KeyError("secret of customer Wang")

        @method
        def hang(self, payload):
            self.ran.append(payload)
            self.go_on.wait()

        @method
        def give_what_no_json_can_hold(self, payload):
            return {"answer": object()}

        @method
        def refuse_with_what_no_json_can_hold(self, payload):
            raise Refused("odd", thing=object())

    return Parts


def request(connection, service, name, body=b'{"args": [], "kwargs": {"payload": 1}}', **properties):
    """Publish a raw request; the RPC queue is there already."""
    channel = connection.channel()
    message = channel.prepare_message(
        body,
        content_type=properties.pop("content_type", "application/json"),
        content_encoding="utf-8",
        headers=properties.pop("headers", {}),
        properties=properties,
    )
    channel.basic_publish(message, exchange="nameko-rpc", routing_key=f"{service}.{name}")


def waiting(connection, service):
    """How many requests are in the service's queue, not delivered to anyone."""
    return Queue(f"rpc-{service}")(connection.channel()).queue_declare(passive=True).message_count


def expired(service):
    """How many calls of the service were dropped unrun."""
    prefix = f'servicelane_rpc_expired_total{{service="{service}"}} '
    [found] = [text for text in Metrics(service).exposition().decode().splitlines() if text.startswith(prefix)]
    return float(found.removeprefix(prefix))


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


# -- a broker in trouble: the real one, behind a line that can freeze and break --------------------------------------------


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


def test_no_two_services_share_a_queue(bus_uri, unique, serve, caller_to):
    one, other = a_service(unique), a_service(f"{unique}other{uuid4().hex[:4]}")
    serve(one, bus_uri)
    serve(other, bus_uri)
    caller_to(bus_uri).call(one.name, "ask", {"n": 1}, Call(), timeout=5)
    assert (len(one.ran), len(other.ran)) == (1, 0)
