"""A service's users at database and broker give way to others, as docs/runbooks/rotating-secrets.md does it."""

from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import requests
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Queue
from psycopg2 import sql

from chassis.amqp import topology
from chassis.store.migrations import migrate
from deploy.dev import Infrastructure
from servicelane.provision import provision_broker_user, provision_database
from servicelane.suite import service_class
from tests.infrastructure import ServiceDatabase
from tests.waiting import awaited

PASSWORD = "another-one"


def connect(url: str) -> Any:
    """A session as this user, which commits each statement."""
    session = psycopg2.connect(url.replace("+psycopg2", ""))
    session.autocommit = True
    return session


def as_other(url: str, user: str) -> str:
    """The same address as another user."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))


def test_a_second_role_takes_the_place_of_the_first_in_the_database(
    fresh_database: Callable[[str], ServiceDatabase], infrastructure: Infrastructure
) -> None:
    """It reads and writes the tables that were there, and those of later revisions; the first one leaves nothing behind."""
    database = fresh_database("parts")
    migrate(service_class("parts"), database.owner_url)
    role, owner = urlsplit(database.url).username, urlsplit(database.owner_url)
    first, second = f"{role}_a", f"{role}_b"  # the run's other databases of parts have the role itself
    for one in (first, second):
        provision_database(
            infrastructure.database_url,
            "parts",
            database=database.name,
            owner=str(owner.username),
            owner_password=str(owner.password),
            role=one,
            role_password=PASSWORD,
        )
    with (
        closing(connect(as_other(database.url, first))) as before,
        closing(connect(as_other(database.url, second))) as after,
        closing(connect(database.admin_url)) as admin,
        before.cursor() as old,
        after.cursor() as new,
        admin.cursor() as superuser,
    ):
        try:
            for one in (old, new):
                one.execute("SELECT set_config('app.dealers', 'sh-pudong', false)")
                one.execute("INSERT INTO dealer_profile VALUES (%s, 1, 'x', 'Asia/Shanghai', 'CNY', 'zh', 'x')", [f"d{id(one)}"])
                one.execute("SELECT count(*) FROM part")
            new.execute("SELECT count(*) FROM dealer_profile")
            assert new.fetchone() == (2,)
            superuser.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(str(owner.username))))
            superuser.execute("CREATE TABLE later (id bigint)")
            superuser.execute("RESET ROLE")
            before.close()
            superuser.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(first)))
            superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(first)))
            new.execute("INSERT INTO later VALUES (1)")
            with pytest.raises(psycopg2.OperationalError, match=r"authentication failed|does not exist"):
                connect(as_other(database.url, first))
        finally:
            after.close()
            superuser.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(second)))
            superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(second)))


def test_a_second_user_takes_the_place_of_the_first_on_the_broker(infrastructure: Infrastructure, module_amqp_uri: str) -> None:
    """It takes from the queues that the first one has declared, and the first one's end ends nothing of them."""
    parts = urlsplit(module_amqp_uri)
    vhost = parts.path.lstrip("/")

    def user(name: str) -> str:
        given = f"{vhost}_{name}"
        provision_broker_user(infrastructure.management_url, "parts", user=given, password=PASSWORD, vhost=vhost)
        return urlunsplit(parts._replace(netloc=f"{given}:{PASSWORD}@{parts.hostname}:{parts.port}"))

    first, second = user("parts"), user("parts_b")
    topology.declare_exchange(first, "parts")
    events = Exchange("parts.events", "topic")
    with Connection(first) as before:
        Queue("parts.waiting", events, routing_key="#", queue_arguments={"x-queue-type": "quorum"})(before).declare()
        topology.declare_exchange(second, "parts")
        with Connection(second, transport_options={"confirm_publish": True}) as after:
            after.Producer().publish({"it": "is"}, exchange=events, routing_key="stock.moved")
            before.release()
            gone = f"{infrastructure.management_url}/api/users/{vhost}_parts"
            with requests.Session() as session:
                session.trust_env = False  # a proxy of the environment does not reach the loopback
                session.delete(gone, timeout=30).raise_for_status()
            queue = Queue("parts.waiting", no_declare=True)(after)
            assert awaited(lambda: queue.get(no_ack=True), "the message that waits").payload == {"it": "is"}
    with pytest.raises(AccessRefused), Connection(first) as late:
        late.connect()
