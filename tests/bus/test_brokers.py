"""A broker of several nodes, whose addresses stand in AMQP_URI: whoever connects finds one that lives."""

# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import time
from urllib.parse import quote, urlsplit

import eventlet
import psycopg2
import pytest

from chassis.amqp import connection
from chassis.amqp.connection import BROKEN, CONNECT_SECONDS, connect, drop
from chassis.process.settings import Settings
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, SettingsError, Unavailable
from deploy.dev.state import free_port
from servicelane.failures import address
from servicelane.outsiders import provision_outsider
from servicelane.provision import provision
from tests.bus.line import Line
from tests.bus.rpc_services import a_service
from tests.bus.rpc_world import caller_to, serve, unique  # noqa: F401  # fixtures
from tests.infrastructure import RUN
from tests.waiting import awaited


def elsewhere(uri, port):
    """The same user and virtual host at another port."""
    parts = urlsplit(uri)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


def port_of(found):
    """Where a connection leads."""
    return found.connection.sock.getpeername()[1]


def ports_of(uris):
    """Where twenty connections lead."""
    asked = set()
    for _ in range(20):
        found = connect(";".join(uris), heartbeat=10)
        asked.add(port_of(found))
        drop(found)
    return asked


@pytest.fixture(autouse=True)
def nobody_has_failed(monkeypatch):
    monkeypatch.setattr(connection, "_failed", {})


@pytest.fixture
def lines(module_amqp_uri):
    """Two nodes, as far as a client can tell."""
    return Line(module_amqp_uri), Line(module_amqp_uri)


def test_a_node_that_refuses_is_passed_over_in_the_same_attempt(module_amqp_uri):
    dead = elsewhere(module_amqp_uri, free_port())
    for _ in range(20):
        connection._failed.clear()  # each time anew: whoever is asked first
        drop(connect(f"{dead};{module_amqp_uri};{dead}", heartbeat=10))


def test_all_nodes_have_their_share(lines):
    assert ports_of([line.uri for line in lines]) == {urlsplit(line.uri).port for line in lines}


def test_a_node_that_failed_is_asked_last_and_has_its_share_again_after_a_while(lines, monkeypatch):
    uris = [line.uri for line in lines]
    connection._failed[uris[0]] = time.monotonic()
    assert ports_of(uris) == {urlsplit(uris[1]).port}
    monkeypatch.setattr(connection, "AVOIDED_SECONDS", 0.0)
    assert len(ports_of(uris)) == 2


def test_a_silent_node_ends_the_attempt_and_the_next_begins_elsewhere(lines):
    silent, well = lines
    silent.freeze()
    uri = f"{silent.uri};{well.uri}"
    broken = 0
    for _ in range(10):
        started = time.monotonic()
        try:
            found = connect(uri, heartbeat=10)
        except BROKEN:
            broken += 1
        else:
            assert port_of(found) == urlsplit(well.uri).port
            drop(found)
        assert time.monotonic() - started < CONNECT_SECONDS + 1
    assert broken <= 1
    silent.thaw()


def test_without_a_node_that_lives_the_attempt_fails_with_its_reason(module_amqp_uri):
    with pytest.raises(BROKEN, match=r"ECONNREFUSED|refused"):
        connect(f"{elsewhere(module_amqp_uri, free_port())};{elsewhere(module_amqp_uri, free_port())}", heartbeat=10)


def test_calls_go_on_over_another_node(lines, unique, serve, caller_to):
    uri = ";".join(line.uri for line in lines)
    serve(a_service(unique), uri)
    caller = caller_to(uri)
    assert caller.call(unique, "ask", {"n": 1}, Call(), timeout=5) == {"asked": {"n": 1}}
    for line in lines:
        line.cut()
        eventlet.sleep(0.2)
        awaited(lambda: _answers(caller, unique), "an answer over the other node", seconds=5)
        line.mend()


def _answers(caller, service):
    try:
        return caller.call(service, "ask", {"n": 2}, Call(), timeout=2)
    except (Unavailable, DeadlineExceeded):
        return None


def test_each_address_is_looked_at_when_the_settings_are_read():
    good = {"DATABASE_URL": "sqlite://"}
    uri = "amqp://parts:p@a:5672/v;amqp://parts:p@b:5672/v"
    assert Settings.read("parts", {**good, "AMQP_URI": uri}).amqp_uri == uri
    with pytest.raises(SettingsError, match="AMQP_URI must be a URI"):
        Settings.read("parts", {**good, "AMQP_URI": "amqp://parts:p@a:5672/v;http://parts:p@b:5672/v"})
    with pytest.raises(SettingsError, match="same user and the same virtual host"):
        Settings.read("parts", {**good, "AMQP_URI": "amqp://parts:p@a:5672/v;amqp://parts:p@b:5672/w"})


def test_addresses_are_said_without_passwords():
    assert address("amqp://u:topsecret@a:1/v;amqp://u:topsecret@b:2/v") == "a:1/v, b:2/v"
    assert address("postgresql+psycopg2://u:top;secret@a:1/v") == "a:1/v"
    several = "postgresql+psycopg2://u:topsecret@/v?host=a:1&host=b:2&target_session_attrs=read-write"
    assert address(several) == "a:1, b:2/v"


def test_a_cluster_is_provisioned_like_one_broker(infrastructure, module_amqp_uri):
    vhost = urlsplit(module_amqp_uri).path[1:]
    broker, database = urlsplit(module_amqp_uri), urlsplit(infrastructure.database_url)
    name = f"{RUN}_several"
    uri = f"amqp://{name}:p@127.0.0.1:{broker.port}/{quote(vhost, safe='')}"
    server = f"host={database.hostname}:{database.port}"
    given = {
        "AMQP_URI": f"{elsewhere(uri, free_port())};{uri}",
        "DATABASE_URL": f"postgresql+psycopg2://{name}:p@/{name}?{server}&{server}&target_session_attrs=read-write",
        "MIGRATION_DATABASE_URL": f"postgresql+psycopg2://{name}_owner:p@/{name}?{server}",
    }
    management = infrastructure.management_url
    try:
        provision(Settings.read("parts", given), admin_database_url=infrastructure.database_url, management_url=management)
        drop(connect(given["AMQP_URI"], heartbeat=10))
        outside = f"{RUN}_outside"
        several = f"{elsewhere(uri, 1)};{uri}"
        said = provision_outsider(outside, {"AMQP_URI": several, "RABBITMQ_MANAGEMENT_URL": management})
        assert [urlsplit(one).username for one in said.split(";")] == [outside, outside]
        drop(connect(said, heartbeat=10))
    finally:
        admin = psycopg2.connect(infrastructure.database_url.replace("+psycopg2", ""))
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"DROP ROLE IF EXISTS {name}, {name}_owner")
        admin.close()
