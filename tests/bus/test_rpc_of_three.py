"""RPC where the broker is three nodes, which make its queues quorum queues (docs/kubernetes.md): the promises hold, too."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

from functools import partial

import pytest
from kombu import Connection, Queue

from chassis.rpc import server
from chassis.wire.call import Call
from tests.bus import test_rpc, test_rpc_deadlines
from tests.bus.rpc_services import a_service
from tests.bus.rpc_world import caller_to, serve, unique  # noqa: F401  # fixtures

PROMISES = [
    test_rpc.test_a_call_is_answered_under_the_callers_context,
    test_rpc.test_concurrent_calls_get_their_own_answers,
    test_rpc.test_a_refusal_arrives_as_an_instance_with_code_and_details,
    test_rpc.test_a_service_without_queue_is_unavailable_at_once,
    test_rpc_deadlines.test_an_expired_command_is_acknowledged_unrun_and_counted,
    test_rpc_deadlines.test_a_command_that_expires_while_it_waits_for_a_worker_is_not_run,
    test_rpc_deadlines.test_a_command_still_in_the_queue_expires_there,
]


@pytest.fixture(autouse=True)
def quorum(monkeypatch):
    """As `default_queue_type = quorum` does to a queue that names no type."""
    monkeypatch.setattr(server, "_queue", partial(Queue, queue_arguments={"x-queue-type": "quorum"}))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_it_holds_on_a_quorum_queue(promise, module_amqp_uri, unique, serve, caller_to):
    """As on a classic one."""
    promise(module_amqp_uri, unique, serve, caller_to)


def test_the_queue_is_one(module_amqp_uri, unique, serve, caller_to):
    """What stands above was on quorum queues."""
    serve(a_service(unique), module_amqp_uri)
    caller_to(module_amqp_uri).call(unique, "ask", {}, Call(), timeout=5)
    with Connection(module_amqp_uri) as connection, pytest.raises(connection.channel_errors, match="x-queue-type"):
        connection.default_channel.queue_declare(f"rpc-{unique}", durable=True, auto_delete=False)
