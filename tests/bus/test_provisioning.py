"""The walls between the services, tried from both sides on the real servers."""

from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import pytest
import requests
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Queue

from chassis.amqp import topology
from chassis.process.settings import Settings
from chassis.wire.errors import SettingsError
from contracts.workshop.events import WorkOrderDelivered
from servicelane.provision import (
    DEAD_LETTER_DELIVERIES,
    ProvisioningFailed,
    broker_permissions,
    provision,
    provision_broker_user,
)
from tests.waiting import awaited

PASSWORD = "p@ss/word:#1"


def connect(url):
    return psycopg2.connect(url.replace("+psycopg2", ""))


def take(queue):
    """The next message of `queue`, awaited for 5 s: a publish without confirm returns before the broker has routed it."""
    return awaited(lambda: queue.get(no_ack=True), f"a message in {queue.name}", seconds=5)


@pytest.fixture(scope="module")
def as_user(infrastructure, module_amqp_uri):
    """`as_user("booking")`: an AMQP URI of the provisioned user of that service in this module's virtual host."""

    def provisioned(service, password="secret"):
        parts = urlsplit(module_amqp_uri)
        vhost = parts.path.lstrip("/")
        user = f"{vhost}_{service}"
        provision_broker_user(infrastructure.management_url, service, user=user, password=password, vhost=vhost)
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))

    return provisioned


@pytest.fixture(scope="module")
def billing(as_user):
    """A connection of billing, which has declared its exchange, its queues and its RPC queue."""
    with Connection(as_user("billing")) as connection:
        events = Exchange("billing.events", "topic")
        dead = Exchange("billing.dead", "topic")
        rpc = Exchange("nameko-rpc", "topic", durable=True)
        for queue in [
            Queue("billing.dead-letters", dead, routing_key="#", queue_arguments={"x-queue-type": "quorum"}),
            Queue(
                "billing.issue_invoices",
                events,
                routing_key="#",
                queue_arguments={"x-queue-type": "quorum", "x-dead-letter-exchange": "billing.dead"},
            ),
            Queue("rpc-billing", rpc, routing_key="billing.*"),
        ]:
            queue.bind(connection.default_channel).declare()
        yield connection


@pytest.fixture
def booking(as_user, billing):
    """A connection of booking on a broker where billing is at home."""
    with Connection(as_user("booking")) as connection:
        yield connection


def test_a_service_declares_and_binds_its_own_and_hears_the_others_events(booking, billing):
    queue = Queue(
        "booking.note_payments",
        Exchange("billing.events", "topic", passive=True),
        routing_key="invoice.paid",
        queue_arguments={"x-queue-type": "quorum", "x-dead-letter-exchange": "booking.dead"},
    )
    Exchange("booking.events", "topic")(booking.default_channel).declare()
    Exchange("booking.dead", "topic")(booking.default_channel).declare()
    bound = queue.bind(booking.default_channel)
    bound.declare()

    billing.Producer().publish({"paid": True}, exchange="billing.events", routing_key="invoice.paid")

    assert take(bound).payload == {"paid": True}


def test_what_the_chassis_declares_fits_in_the_permissions(as_user):
    """Each service with its own user, the publisher's exchange first: what `servicelane topology` does."""
    topology.declare_exchange(as_user("workshop"), "workshop")
    topology.declare(as_user("parts"), "parts", {"parts.deduct_stock": [WorkOrderDelivered]})
    with Connection(as_user("parts")) as connection:
        assert connection.default_channel.queue_declare("parts.deduct_stock", passive=True).consumer_count == 0


def test_a_dead_letter_is_not_dropped_after_many_deliveries(infrastructure, as_user):
    """By a policy, so that it holds for a queue that is there already; RabbitMQ 4 would drop it after 20."""
    uri = as_user("crm")
    topology.declare(uri, "crm", {})
    path = f"{infrastructure.management_url}/api/queues/{urlsplit(uri).path[1:]}/crm.dead-letters"
    with requests.Session() as session:
        session.trust_env = False
        limits = awaited(lambda: session.get(path, timeout=30).json().get("effective_policy_definition"), "its policy", 30)
    assert limits == {"delivery-limit": DEAD_LETTER_DELIVERIES}


def test_a_service_calls_and_answers_through_the_rpc_exchange(booking, billing):
    rpc = Exchange("nameko-rpc", "topic")
    reply = Queue("rpc.reply-booking-0001", rpc, routing_key="0001", auto_delete=True).bind(booking.default_channel)
    reply.declare()
    booking.Producer().publish({"args": []}, exchange="nameko-rpc", routing_key="billing.quote", reply_to="0001")

    call = take(Queue("rpc-billing", no_declare=True).bind(billing.default_channel))
    billing.Producer().publish({"result": 1}, exchange="nameko-rpc", routing_key=call.properties["reply_to"])

    assert take(reply).payload == {"result": 1}


def consume_from(queue):
    return lambda booking: booking.default_channel.basic_consume(queue)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(
            lambda booking: booking.Producer(auto_declare=False).publish({}, exchange="billing.events", routing_key="x"),
            id="publish another's events",
        ),
        pytest.param(consume_from("billing.issue_invoices"), id="consume another's events"),
        pytest.param(consume_from("billing.dead-letters"), id="consume another's dead letters"),
        pytest.param(consume_from("rpc-billing"), id="take another's calls"),
        pytest.param(lambda booking: booking.default_channel.queue_delete("billing.issue_invoices"), id="delete another's queue"),
        pytest.param(lambda booking: booking.default_channel.queue_purge("billing.issue_invoices"), id="purge another's queue"),
        pytest.param(
            lambda booking: booking.default_channel.queue_bind("billing.issue_invoices", "nameko-rpc", "x"),
            id="bind another's queue",
        ),
        pytest.param(
            lambda booking: booking.default_channel.queue_declare("unnamed", durable=True), id="declare what is nobody's"
        ),
        pytest.param(
            lambda booking: booking.default_channel.exchange_declare("bookingx.events", "topic"),
            id="declare what only begins like its own",
        ),
        pytest.param(
            lambda booking: booking.Producer(auto_declare=False).publish({}, routing_key="billing.issue_invoices"),
            id="reach another's queue past the exchanges",
        ),
    ],
)
def test_a_service_may_not(booking, act):
    """The broker closes the channel with ACCESS_REFUSED."""

    def and_hear_the_answer():
        """A publish is refused later than it is sent: the next answered request brings the refusal."""
        act(booking)
        booking.default_channel.queue_declare("booking.round_trip", durable=True)

    with pytest.raises(AccessRefused):
        and_hear_the_answer()


def test_provisioning_again_changes_the_password_and_nothing_else(as_user):
    before, after = as_user("crm", "old"), as_user("crm", "new")
    with Connection(after) as connection:
        Exchange("crm.events", "topic")(connection.default_channel).declare()
    with pytest.raises(AccessRefused), Connection(before) as connection:
        connection.connect()


def test_the_brokers_refusal_is_told(infrastructure, module_amqp_uri):
    user = f"{urlsplit(module_amqp_uri).path[1:]}_nobody"
    with pytest.raises(ProvisioningFailed, match="vhost_or_user_not_found"):
        provision_broker_user(infrastructure.management_url, "crm", user=user, password="x", vhost="nowhere")


@pytest.mark.parametrize("name", ["", "booking.*", "a|b", ".+", "Booking"])
def test_a_service_name_cannot_smuggle_a_pattern(name):
    with pytest.raises(ValueError, match="not a service's name"):
        broker_permissions(name)


def settings(infrastructure, vhost, changes=()):
    """The environment of parts as a deployment writes it, read as parts reads it."""
    database, broker = urlsplit(infrastructure.database_url), urlsplit(infrastructure.amqp_uri)
    password, name = quote(PASSWORD, safe=""), f"{vhost}_parts"
    server = f"@{database.hostname}:{database.port}/{name}"
    environment = {
        "DATABASE_URL": f"postgresql+psycopg2://{name}:{password}{server}",
        "MIGRATION_DATABASE_URL": f"postgresql+psycopg2://{name}_owner:{password}{server}",
        "AMQP_URI": f"amqp://{name}:{password}@{broker.hostname}:{broker.port}/{quote(vhost, safe='')}",
    }
    return Settings.read("parts", {**environment, **dict(changes)})


def test_what_a_services_settings_name_is_there_after_provisioning(infrastructure, module_amqp_uri):
    own = settings(infrastructure, urlsplit(module_amqp_uri).path[1:])
    admin = connect(infrastructure.database_url)
    admin.autocommit = True
    try:
        provision(own, admin_database_url=infrastructure.database_url, management_url=infrastructure.management_url)
        with connect(own.migration_database_url) as owner, owner.cursor() as cursor:
            cursor.execute("CREATE TABLE stock (id int)")
        with connect(own.database_url) as role, role.cursor() as cursor:
            cursor.execute("INSERT INTO stock VALUES (1)")
        with Connection(own.amqp_uri) as connection:
            Exchange("parts.events", "topic")(connection.default_channel).declare()
    finally:
        name = urlsplit(own.database_url).username
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"DROP ROLE IF EXISTS {name}, {name}_owner")
        admin.close()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"AMQP_URI": "embedded://"}, "AMQP_URI must name a server"),
        ({"DATABASE_URL": "sqlite:///parts.sqlite"}, "DATABASE_URL must name a server"),
        ({"MIGRATION_DATABASE_URL": "postgresql+psycopg2://o:p@h/other"}, "MIGRATION_DATABASE_URL names the database 'other'"),
        ({"MIGRATION_DATABASE_URL": "postgresql+psycopg2://v_parts:p@h/v_parts"}, "must name another user than DATABASE_URL"),
    ],
)
def test_settings_that_cannot_be_provisioned_are_named(infrastructure, changes, sentence):
    with pytest.raises(SettingsError, match=sentence):
        provision(settings(infrastructure, "v", changes), admin_database_url="", management_url="")
