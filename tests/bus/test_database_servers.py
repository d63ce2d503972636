"""A database of two servers, of which one takes writes: connections find it, whatever the other one does."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import text

from chassis.store import database
from chassis.store.database import CONNECT_SECONDS, create_database_engine, database_is_down
from deploy.dev import Infrastructure
from deploy.dev.state import free_port


@pytest.fixture(autouse=True)
def nobody_has_answered(monkeypatch):
    monkeypatch.setattr(database, "_answered", {})


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing: what a frozen server looks like."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def url(infrastructure: Infrastructure, *ports: int) -> str:
    """The administrator's database, at one of these ports."""
    parts = urlsplit(infrastructure.database_url)
    hosts = "&".join(f"host={parts.hostname}:{port}" for port in ports)
    credentials = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{credentials}@", query=f"{hosts}&target_session_attrs=read-write"))


def taken(server: str) -> float:
    """How long one statement takes on a connection of its own."""
    engine = create_database_engine(server, name="test")
    started = time.monotonic()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    return time.monotonic() - started


def port_of(infrastructure: Infrastructure) -> int:
    return int(urlsplit(infrastructure.database_url).port or 0)


def test_a_server_that_refuses_is_passed_over_at_once(infrastructure):
    assert taken(url(infrastructure, free_port(), port_of(infrastructure))) < CONNECT_SECONDS / 2


def test_a_silent_server_leaves_time_for_the_other_and_is_asked_last_from_then_on(infrastructure, silent):
    both = url(infrastructure, silent, port_of(infrastructure))
    assert taken(both) < CONNECT_SECONDS
    assert taken(both) < CONNECT_SECONDS / 2


def test_without_a_server_the_database_is_down(infrastructure):
    engine = create_database_engine(url(infrastructure, free_port(), free_port()), name="test")
    with pytest.raises(Exception, match="refused") as error:
        engine.connect()
    assert database_is_down(error.value)
