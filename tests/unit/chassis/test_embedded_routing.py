"""The in-process bus: a message reaches the queues that are bound, as it would over the wire, and queues live as declared."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

from uuid import uuid4

import pytest
from amqp.exceptions import (
    ConsumerCancelled,
    NotFound,
    PreconditionFailed,
    ResourceLocked,
)
from kombu import Connection, Consumer, Exchange, Producer, Queue

from chassis.amqp.embedded.broker import topic_matches
from tests.unit.chassis.embedded_bus import EVENTS, a_queue, bodies, channel, connect, consume, drain, publish, uri  # noqa: F401  # fixtures


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("work_order.delivered", "work_order.delivered", True),
        ("work_order.delivered", "work_order", False),
        ("work_order.*", "work_order.delivered", True),
        ("work_order.*", "work_order", False),
        ("work_order.*", "work_order.line.added", False),
        ("#", "", True),
        ("#", "a.b.c", True),
        ("work_order.#", "work_order", True),
        ("#.delivered", "delivered", True),
        ("a.#.d", "a.d", True),
        ("a.#.d", "a.b.c.d", True),
        ("a.#.d", "a.b.c", False),
        ("*.#.c", "c", False),
    ],
)
def test_topic_bindings_match_word_by_word(pattern, key, matches):
    assert topic_matches(pattern, key) is matches


def test_a_message_reaches_every_queue_that_is_bound_and_no_other(channel):
    connection = channel.connection.client
    for queue in (a_queue("billing"), a_queue("crm", key="work_order.*"), a_queue("parts", key="invoice.#")):
        queue(channel).declare()
    billing, crm, parts = (consume(channel, Queue(name, no_declare=True)) for name in ("billing", "crm", "parts"))
    publish(channel)
    drain(connection)
    assert (len(billing), len(crm), len(parts)) == (1, 1, 0)


def test_a_queue_bound_twice_gets_one_copy(channel):
    queue = a_queue()(channel)
    queue.declare()
    queue.bind_to(EVENTS, routing_key="#")
    publish(channel)
    assert queue.queue_declare(passive=True).message_count == 1


@pytest.mark.parametrize(("kind", "key", "arrives"), [("direct", "a", 1), ("direct", "a.b", 0), ("fanout", "whatever", 1)])
def test_direct_and_fanout_exchanges_route_too(channel, kind, key, arrives):
    queue = a_queue(exchange=Exchange("other", type=kind), key="a")(channel)
    queue.declare()
    publish(channel, key=key, exchange="other")
    assert queue.queue_declare(passive=True).message_count == arrives


def test_the_nameless_exchange_leads_to_the_queue_of_that_name(channel):
    queue = a_queue()(channel)
    queue.declare()
    publish(channel, exchange="", key="billing.issue_invoices")
    assert bodies([queue.get(no_ack=True)]) == ["x"]


def test_content_type_headers_and_properties_arrive_as_from_the_wire(channel):
    a_queue()(channel).declare()
    Producer(channel).publish(
        {"hours": "1.5"},
        exchange="workshop.events",
        routing_key="work_order.delivered",
        headers={"roles": ("advisor",), "deadline": 1.25},
        correlation_id="c1",
        reply_to="r1",
        delivery_mode=1,
    )
    [message] = [a_queue()(channel).get()]
    assert message.properties["content_type"] == "application/json"
    assert message.decode() == {"hours": "1.5"}
    assert message.headers == {"roles": ["advisor"], "deadline": 1.25}
    assert (message.properties["correlation_id"], message.properties["reply_to"]) == ("c1", "r1")
    assert message.properties["delivery_mode"] == 1


def test_what_cannot_travel_on_a_wire_is_refused_here_too(channel):
    a_queue()(channel).declare()
    message = channel.prepare_message("x", headers={"call": object()})
    with pytest.raises(Exception, match=r"(?i)type|illegal|encode"):
        channel.basic_publish(message, exchange="workshop.events", routing_key="work_order.delivered")


def test_an_exclusive_queue_is_one_connections_own_and_vanishes_with_it(connect):
    owner, other = connect(), connect().channel()
    reply = Queue("rpc.reply-gateway-1", exclusive=True, auto_delete=True)
    reply(owner.channel()).declare()
    with pytest.raises(ResourceLocked):
        reply(other).declare()
    owner.collect()
    with pytest.raises(NotFound):
        other.queue_declare(reply.name, passive=True)


def test_an_auto_delete_queue_goes_with_its_last_consumer(channel):
    queue = Queue("evt-plain", exchange=EVENTS, routing_key="#", auto_delete=True)
    consumer = Consumer(channel, [queue], on_message=lambda message: None)
    consumer.consume()
    consumer.cancel()
    with pytest.raises(NotFound):
        channel.queue_declare("evt-plain", passive=True)


def test_a_consumer_whose_queue_is_deleted_is_told(connect):
    consuming, deleting = connect(), connect().channel()
    consume(consuming.channel(), a_queue())
    a_queue()(deleting).delete()
    with pytest.raises(ConsumerCancelled):
        drain(consuming)


def test_declaring_a_queue_otherwise_than_it_is_fails(channel):
    a_queue(queue_arguments={"x-queue-type": "quorum"})(channel).declare()
    a_queue(queue_arguments={"x-queue-type": "quorum"})(channel).declare()
    with pytest.raises(PreconditionFailed):
        a_queue()(channel).declare()


def test_publishing_to_an_exchange_that_is_not_there_fails(channel):
    with pytest.raises(NotFound):
        publish(channel, exchange="nobody.events")


def test_brokers_of_other_names_are_other_brokers(connect):
    a_queue()(connect().channel()).declare()
    with Connection(f"embedded://test-{uuid4()}/") as elsewhere, pytest.raises(NotFound):
        elsewhere.channel().queue_declare("billing.issue_invoices", passive=True)


def test_messages_outlive_their_publishers_connection(connect):
    sending, receiving = connect(), connect()
    channel = sending.channel()
    a_queue()(channel).declare()
    publish(channel, "kept")
    sending.collect()
    assert bodies([a_queue()(receiving.channel()).get()]) == ["kept"]
