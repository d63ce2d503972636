"""A program that is not ours listens with the user that `servicelane provision --outsider` makes, and can do nothing else."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import pika
import pytest
import requests
from amqp.exceptions import AccessRefused
from kombu import Connection

from chassis.amqp import topology
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing
from contracts.workshop.events import WorkOrderDelivered
from deploy.dev import Infrastructure
from deploy.local.child import Child, bare_environment
from deploy.local.installation import Installation
from servicelane import events_doc
from servicelane.outsiders import QUEUED_AT_MOST
from tests.infrastructure import RUN
from tests.waiting import awaited

OUTSIDER = f"{RUN}_portal"
"""Users of a run are removed with it."""

SERVICE = f"""
import json

from nameko.events import event_handler


class Portal:
    name = "{OUTSIDER}"

    @event_handler("workshop", "work_order.delivered")
    def on_delivered(self, event):
        print(json.dumps(event), flush=True)
"""
MESSAGE = events_doc.render().partition("```json\n")[2].partition("\n```")[0]
"""The whole message that docs/events.md shows."""


@pytest.fixture(scope="module")
def uri(infrastructure: Infrastructure, module_amqp_uri: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the command prints, in an environment that names no database; workshop and parts are at home on the broker."""
    topology.declare_exchange(module_amqp_uri, "workshop")
    topology.declare(module_amqp_uri, "parts", {"parts.deduct_stock": [WorkOrderDelivered]})
    environment = {"AMQP_URI": module_amqp_uri, "RABBITMQ_MANAGEMENT_URL": infrastructure.management_url}
    said = Installation(environment, tmp_path_factory.mktemp("outsider")).operator("provision", "--outsider", OUTSIDER)
    return said.split()[-1]


def publish_delivery(admin: str) -> None:
    """As workshop's relay does."""
    publisher = ConfirmingPublisher(admin, heartbeat=10)
    message = Outgoing(1, json.loads(MESSAGE)["id"], "workshop.events", "work_order.delivered", MESSAGE, mandatory=True)
    assert publisher.publish([message], while_waiting=lambda: None).confirmed == [1]
    publisher.drop()


@pytest.fixture
def portal(uri: str, tmp_path: Path) -> Iterator[Path]:
    """A plain nameko service in a process of its own, run as docs/events.md says; where it prints."""
    (tmp_path / "portal.py").write_text(SERVICE)
    (tmp_path / "config.yaml").write_text(f"AMQP_URI: {uri}\nDECLARE_EVENT_EXCHANGES: false\n")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "nameko",
        "run",
        "--config",
        str(tmp_path / "config.yaml"),
        "portal",
    ]
    log = tmp_path / "portal.log"
    child = Child("portal", command, {**bare_environment(), "PYTHONPATH": str(tmp_path)}, log)
    yield log
    child.kill()


def test_a_plain_nameko_event_handler_hears_what_is_delivered(portal: Path, uri: str, module_amqp_uri: str) -> None:
    """Its exchange is ours and there already; its queue is its own. What it hears is the message of docs/events.md."""
    queue = f"evt-workshop-work_order.delivered--{OUTSIDER}.on_delivered"
    awaited(lambda: consumers(module_amqp_uri, queue) == 1, "the outsider to listen")
    publish_delivery(module_amqp_uri)
    heard = awaited(
        lambda: [line for line in portal.read_text().splitlines() if line.startswith("{")], "the outsider to hear", 30
    )
    assert json.loads(heard[0]) == json.loads(MESSAGE)


def consumers(uri: str, queue: str) -> int:
    """Of a queue; -1 if there is none yet."""
    with Connection(uri) as connection:
        try:
            return int(connection.default_channel.queue_declare(queue, passive=True).consumer_count)
        except connection.channel_errors:
            return -1


def test_any_other_client_hears_it_with_the_documented_properties(uri: str, module_amqp_uri: str) -> None:
    """A queue of its own, bound to the exchange it has looked at; the table of docs/events.md."""
    connection = pika.BlockingConnection(pika.URLParameters(uri))
    channel = connection.channel()
    channel.exchange_declare("workshop.events", passive=True)
    queue = f"{OUTSIDER}.deliveries"
    channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(queue, "workshop.events", "work_order.*")
    publish_delivery(module_amqp_uri)
    method, properties, body = awaited(lambda: _taken(channel, queue), "pika to hear of it", 10)
    assert (method.exchange, method.routing_key) == ("workshop.events", "work_order.delivered")
    assert (properties.content_type, properties.content_encoding) == ("application/json", "utf-8")
    assert (properties.delivery_mode, properties.type) == (2, "work_order.delivered")
    assert set(properties.headers or {}) <= {"x-delivery-count"}, "which a quorum queue adds"
    assert properties.message_id == json.loads(body)["id"]
    connection.close()


def _taken(channel: Any, queue: str) -> Any:
    method, properties, body = channel.basic_get(queue, auto_ack=True)
    return method and (method, properties, body)


def test_a_queue_that_nobody_takes_from_does_not_fill_the_brokers_disk(
    infrastructure: Infrastructure, uri: str, module_amqp_uri: str
) -> None:
    """The oldest go; the publisher is not refused."""
    with Connection(uri) as connection:
        connection.default_channel.queue_declare(f"{OUTSIDER}.forgotten", durable=True, auto_delete=False)
    vhost = urlsplit(module_amqp_uri).path[1:]
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment does not reach the loopback
        path = f"{infrastructure.management_url}/api/queues/{vhost}/{OUTSIDER}.forgotten"
        limits = awaited(lambda: session.get(path, timeout=30).json().get("effective_policy_definition"), "its policy", 30)
    assert limits == {"max-length": QUEUED_AT_MOST, "overflow": "drop-head"}


WALLS: dict[str, Callable[[Any], Any]] = {
    "publish our events": lambda channel: channel.basic_publish(amqp.Message("{}"), "workshop.events", "x"),
    "declare our exchange, even as it is": lambda channel: channel.exchange_declare("workshop.events", "topic", durable=True),
    "delete our exchange": lambda channel: channel.exchange_delete("workshop.events"),
    "bind something to our exchange's input": lambda channel: channel.exchange_bind("workshop.events", "workshop.events", "#"),
    "unbind our queue": lambda channel: channel.queue_unbind("parts.deduct_stock", "workshop.events", "work_order.delivered"),
    "take our messages": lambda channel: channel.basic_get("parts.deduct_stock"),
    "delete our queue": lambda channel: channel.queue_delete("parts.deduct_stock"),
    "reach our queue past the exchanges": lambda channel: channel.basic_publish(amqp.Message("{}"), "", "parts.deduct_stock"),
    "call a service": lambda channel: channel.basic_publish(amqp.Message("{}"), "nameko-rpc", "parts.get_part"),
    "declare another outsider's queue": lambda channel: channel.queue_declare(
        "evt-workshop-work_order.delivered--other.on_delivered"
    ),
}


@pytest.mark.parametrize("act", WALLS)
def test_an_outsider_may_not(uri: str, act: str) -> None:
    """The broker closes the channel; a publish is refused later than it is sent, with the next answered request."""

    def and_hear_the_answer(channel: Any) -> None:
        WALLS[act](channel)
        channel.queue_declare(f"{OUTSIDER}.round_trip", durable=True, auto_delete=False)

    with Connection(uri) as connection, pytest.raises(AccessRefused):
        and_hear_the_answer(connection.default_channel)


@pytest.mark.parametrize("name", ["parts", "Portal", "a|b", ".+", ""])
def test_a_name_that_is_no_outsiders_is_refused(
    module_amqp_uri: str, infrastructure: Infrastructure, name: str, tmp_path: Path
) -> None:
    """A service's own user would lose what it may do; a pattern would be allowed everything."""
    environment = {"AMQP_URI": module_amqp_uri, "RABBITMQ_MANAGEMENT_URL": infrastructure.management_url}
    done = Installation(environment, tmp_path).command("provision", "--outsider", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be an outsider's name" in done.stderr
