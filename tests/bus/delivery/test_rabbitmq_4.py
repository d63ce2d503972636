"""Nothing of ours stands on what RabbitMQ 4 took away (docs/rabbitmq-4.md): looked at in what our code asks the broker for."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import amqp
import eventlet
import pytest
from kombu import Queue

from chassis.amqp import topology
from chassis.amqp.connection import close, connect
from chassis.amqp.overhearing import Overhearing
from chassis.wire.call import Call
from servicelane.outsiders import _policy
from servicelane.provision import broker_policies
from servicelane.suite import SERVICES, service_class
from tests.bus.delivery.replicas import Bus
from tests.bus.rpc_services import a_service
from tests.bus.rpc_world import Serve, caller_to, serve, unique  # noqa: F401  # fixtures
from tests.waiting import awaited

GONE = {"x-queue-mode", "x-queue-version", "x-queue-master-locator", "x-ha-policy", "ha-mode", "ha-params", "queue-mode"}
"""Arguments of queues and keys of policies: of mirrors, of lazy queues, of the first storage of classic queues."""
LEAST_FRAME = 8192


@dataclass
class Asked:
    """What was asked of a broker: each queue with its options, and whether a prefetch was for a whole channel."""

    queues: list[dict[str, Any]] = field(default_factory=list)
    whole_channels: list[bool] = field(default_factory=list)

    def complaints(self) -> list[str]:
        """What RabbitMQ 4 would not do."""
        found = [what for queue in self.queues for what in refused(queue)]
        return found + ["a prefetch is for a whole channel" for one in self.whole_channels if one]


def refused(queue: dict[str, Any]) -> list[str]:
    """Why RabbitMQ 4 would not declare a queue, or would drop its messages."""
    name, arguments = queue["queue"], queue["arguments"] or {}
    found = [f"{name}: {one} is gone" for one in sorted(GONE & set(arguments))]
    if not queue["durable"] and not queue["exclusive"]:
        found.append(f"{name}: transient, and not one connection's own")
    if arguments.get("x-queue-type") == "quorum":
        if not queue["durable"] or queue["exclusive"] or queue["auto_delete"]:
            found.append(f"{name}: no quorum queue is so")
        service = name.partition(".")[0]
        limited = name == f"{service}.dead-letters" and broker_policies(service)[f"{service}-dead-letters"]["definition"]
        if not limited and "x-delivery-limit" not in arguments:
            found.append(f"{name}: what is delivered 20 times is dropped")
        if not limited and "x-dead-letter-exchange" not in arguments:
            found.append(f"{name}: what is delivered too often goes nowhere")
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What this process asks of brokers from now on."""
    found = Asked()
    declare, prefetch = amqp.Channel.queue_declare, amqp.Channel.basic_qos

    def queue_declare(self: Any, *given: Any, **named: Any) -> Any:
        said = signature(declare).bind(self, *given, **named)
        said.apply_defaults()
        if not said.arguments["passive"]:
            found.queues.append(said.arguments)
        return declare(self, *given, **named)

    def basic_qos(self: Any, prefetch_size: int, prefetch_count: int, a_global: bool, **more: Any) -> Any:
        found.whole_channels.append(a_global)
        return prefetch(self, prefetch_size, prefetch_count, a_global, **more)

    monkeypatch.setattr(amqp.Channel, "queue_declare", queue_declare)
    monkeypatch.setattr(amqp.Channel, "basic_qos", basic_qos)
    return found


@contextmanager
def listening(uri: str) -> Iterator[None]:
    """As every gateway listens to what was published."""
    ear = Overhearing(
        uri, name="toy.ear", exchanges=["toy.events"], routing_key="x", heard=len, missed=lambda: None, heartbeat=5
    )  # fmt: skip
    eventlet.spawn(ear.run)
    awaited(lambda: ear.hearing, "the listener to hear")
    yield
    ear.stop(0)


def test_all_that_a_service_asks_of_the_broker_is_there_in_4(
    server_bus: Bus,
    asked: Asked,
    serve: Serve,
    caller_to: Callable[..., Any],
    unique: str,
) -> None:
    """Events, dead letters, calls, answers, notices: everything that this process declares and every prefetch."""
    serve(a_service(unique), server_bus.amqp_uri)
    assert caller_to(server_bus.amqp_uri).call(unique, "ask", {}, Call(), timeout=10) == {"asked": {}}
    server_bus.replica()
    with listening(server_bus.amqp_uri):
        kinds = {name.partition("-")[0].partition(".")[0] for name in (one["queue"] for one in asked.queues)}
    assert kinds == {"rpc", "toy"}
    assert {one["queue"] for one in asked.queues} > {"toy.mirror", "toy.dead-letters", f"rpc-{unique}"}
    assert len(asked.whole_channels) >= 3
    assert asked.complaints() == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_queue_of_every_service_is_there_in_4(service: str) -> None:
    """By the arguments that its contract gives it."""
    queues = [topology.subscription_queue(one.name, one.events.values()) for one in service_class(service).subscriptions()]
    queues.append(topology.dead_letter_queue(service))
    assert [what for queue in queues for what in refused(as_asked(queue))] == []


def as_asked(queue: Queue) -> dict[str, Any]:
    """What declaring it would ask of the broker."""
    options = {"durable": queue.durable, "exclusive": queue.exclusive, "auto_delete": queue.auto_delete}
    return {"queue": queue.name, **options, "arguments": queue.queue_arguments}


@pytest.mark.parametrize("policy", [*broker_policies("parts").values(), _policy("portal")], ids=["ours", "an outsider's"])
def test_no_policy_says_what_is_gone(policy: dict[str, Any]) -> None:
    """Nothing of mirrors, nothing of lazy queues."""
    assert not GONE & set(policy["definition"])


QUORUM = {"x-queue-type": "quorum", "x-delivery-limit": 100, "x-dead-letter-exchange": "parts.dead"}


@pytest.mark.parametrize(
    ("queue", "complaint"),
    [
        (Queue("parts.x", durable=False), "transient"),
        (Queue("parts.x", durable=True, queue_arguments={"x-queue-mode": "lazy"}), "x-queue-mode is gone"),
        (Queue("parts.x", durable=True, queue_arguments={"x-queue-type": "quorum"}), "delivered 20 times"),
        (Queue("parts.x", durable=True, queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": 100}), "goes nowhere"),
        (Queue("parts.x", durable=True, exclusive=True, queue_arguments=QUORUM), "no quorum queue is so"),
    ],
)
def test_what_is_gone_would_be_noticed(queue: Queue, complaint: str) -> None:
    """The checks above can go red."""
    assert any(complaint in one for one in refused(as_asked(queue)))


def test_a_prefetch_for_a_whole_channel_would_be_noticed(asked: Asked, module_amqp_uri: str) -> None:
    """RabbitMQ 4.3 closes the channel."""
    connection = connect(module_amqp_uri, heartbeat=5)
    with connection.channel() as channel:
        channel.basic_qos(0, 10, True)
        assert connection.connection.frame_max >= LEAST_FRAME, "4.1 wants frames of at least so many bytes"
    close(connection)
    assert asked.complaints() == ["a prefetch is for a whole channel"]
