"""The in-process bus keeps the promises our services build on."""

import time
from uuid import uuid4

import eventlet
import pytest
from amqp.exceptions import (
    ChannelError,
    ConsumerCancelled,
    NotFound,
    PreconditionFailed,
    RecoverableConnectionError,
    ResourceLocked,
)
from kombu import Connection, Consumer, Exchange, Producer, Queue

from chassis.amqp.connection import sever
from chassis.amqp.embedded.broker import topic_matches

EVENTS = Exchange("workshop.events", type="topic", durable=True)


@pytest.fixture
def uri():
    """A broker that no other test uses."""
    return f"embedded://test-{uuid4()}/"


@pytest.fixture
def connect(uri):
    """Opens connections to that broker and closes them after the test."""
    opened = []

    def open_one(**options):
        connection = Connection(uri, transport_options=options)
        connection.ensure_connection(max_retries=0)
        opened.append(connection)
        return connection

    yield open_one
    for connection in opened:
        connection.collect()


@pytest.fixture
def channel(connect):
    return connect().channel()


def a_queue(name="billing.issue_invoices", key="work_order.delivered", exchange=EVENTS, **options):
    return Queue(name, exchange=exchange, routing_key=key, durable=True, **options)


def publish(channel, body="x", key="work_order.delivered", exchange="workshop.events", **options):
    channel.basic_publish(
        channel.prepare_message(body.encode(), content_type="application/json", properties=options.pop("properties", None)),
        exchange=exchange,
        routing_key=key,
        **options,
    )


def consume(channel, *queues, prefetch=0, **options):
    """Start a consumer; the list its messages are appended to."""
    arrived = []
    consumer = Consumer(channel, list(queues), on_message=arrived.append, **options)
    consumer.qos(prefetch_count=prefetch)
    consumer.consume()
    return arrived


def drain(connection):
    """Handle every event that waits."""
    while True:
        try:
            connection.drain_events(timeout=0.01)
        except TimeoutError:
            return


def bodies(messages):
    return [bytes(message.body).decode() for message in messages]


def confirms(channel):
    """Put the channel into confirm mode; the list of what it is told, as (event, tag)."""
    told = []
    channel.confirm_select()
    channel.events["basic_ack"].add(lambda tag, multiple: told.append(("ack", tag)))
    channel.events["basic_nack"].add(lambda tag, multiple: told.append(("nack", tag)))
    channel.events["basic_return"].add(lambda error, exchange, key, message: told.append(("return", key)))
    return told


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


def drain_one(connection, arrived, count):
    """Drain until that many messages have arrived."""
    end = time.monotonic() + 2
    while len(arrived) < count and time.monotonic() < end:
        connection.drain_events(timeout=1)
    assert len(arrived) == count, "the message awaited did not arrive"


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


def test_unroutable_and_mandatory_comes_back_before_its_confirm(channel):
    EVENTS(channel).declare()
    told = confirms(channel)
    publish(channel, key="nobody.listens", mandatory=True)
    drain(channel.connection.client)
    assert told == [("return", "nobody.listens"), ("ack", 1)]


def test_unroutable_and_not_mandatory_is_confirmed(channel):
    EVENTS(channel).declare()
    told = confirms(channel)
    publish(channel, key="nobody.listens")
    drain(channel.connection.client)
    assert told == [("ack", 1)]


def test_a_connection_that_confirms_each_publish_raises_when_there_is_no_route(connect):
    channel = connect(confirm_publish=True).channel()
    EVENTS(channel).declare()
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        publish(channel, key="nobody.listens", mandatory=True)


def test_a_publish_is_confirmed_only_when_every_consumer_has_acked(connect):
    relay, services = connect(), connect()
    billing = consume(services.channel(), a_queue("billing"))
    crm = consume(services.channel(), a_queue("crm"))
    channel = relay.channel()
    told = confirms(channel)
    publish(channel)
    drain(services)
    billing[0].ack()
    drain(relay)
    assert told == [], "crm has not handled it yet"
    crm[0].ack()
    drain(relay)
    assert told == [("ack", 1)]


def test_redelivery_after_a_lost_consumer_still_confirms_once(connect):
    relay, dying, living = connect(), connect(), connect()
    consume(dying.channel(), a_queue())
    channel = relay.channel()
    told = confirms(channel)
    publish(channel)
    drain(dying)
    dying.collect()
    drain(relay)
    assert told == []
    again = consume(living.channel(), a_queue())
    drain(living)
    again[0].ack()
    drain(relay)
    assert told == [("ack", 1)]


@pytest.mark.parametrize("way", ["rejected", "queue deleted", "purged", "expired"])
def test_a_discarded_message_is_nacked_so_that_its_outbox_row_stays_pending(connect, way):
    relay, service = connect(), connect()
    queue = a_queue()(service.channel())
    queue.declare()
    channel = relay.channel()
    told = confirms(channel)
    publish(channel, properties={"expiration": "1"} if way == "expired" else None)
    if way == "rejected":
        queue.get().reject()
    elif way == "queue deleted":
        queue.delete()
    elif way == "purged":
        queue.purge()
    else:
        eventlet.sleep(0.01)
        assert queue.get() is None
    drain(relay)
    assert told == [("nack", 1)]


def test_confirms_match_their_publish_whatever_the_order_of_handling(connect):
    relay, service = connect(), connect()
    arrived = consume(service.channel(), a_queue())
    channel = relay.channel()
    told = confirms(channel)
    publish(channel, "first")
    publish(channel, "second")
    drain(service)
    arrived[1].ack()
    arrived[0].ack()
    drain(relay)
    assert told == [("ack", 2), ("ack", 1)]


def test_a_confirm_for_a_relay_that_has_gone_is_dropped(connect):
    relay, service = connect(), connect()
    arrived = consume(service.channel(), a_queue())
    channel = relay.channel()
    told = confirms(channel)
    publish(channel)
    relay.collect()
    drain(service)
    arrived[0].ack()
    assert told == []


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
