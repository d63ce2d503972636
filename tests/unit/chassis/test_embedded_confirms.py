"""The in-process bus: what a publisher is told, and when."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import eventlet
import pytest
from amqp.exceptions import (
    ChannelError,
)

from tests.unit.chassis.embedded_bus import EVENTS, a_queue, channel, confirms, connect, consume, drain, publish, uri  # noqa: F401  # fixtures


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
