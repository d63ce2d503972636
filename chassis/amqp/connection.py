"""Connecting to the bus and letting go of it: with a limit on every wait, whatever state the broker is in."""

import random
import socket
from time import monotonic
from typing import Any

import amqp.exceptions
import eventlet
import kombu.connection
from kombu.exceptions import OperationalError

import chassis.amqp.embedded.transport  # noqa: F401  # makes embedded:// known to kombu
from chassis.process.settings import broker_addresses

BROKEN = (OSError, EOFError, OperationalError, amqp.exceptions.ConnectionError, amqp.exceptions.ChannelError)
"""What a connection or channel raises when it cannot be used any more: drop it and connect again."""

Connection = Any
"""kombu's connection, which ships without usable types."""

_open: Any = kombu.connection.Connection

CONNECT_SECONDS = 3.0
SETUP_SECONDS = 10.0
CLOSE_SECONDS = 2.0
WORTH_ANOTHER_SECONDS = 1.0
"""Where a node of a cluster refuses sooner than this, the next one is asked in the same attempt."""
AVOIDED_SECONDS = 30.0
"""So long a node that could not be connected to is asked last."""
BACKOFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)
"""How long to wait before the next attempt to connect; the last one repeats."""


_failed: dict[str, float] = {}
"""When a node could not be connected to, for all who connect from this process."""


class _TooSlow(Exception):
    """The broker did not answer a close in time."""


def backoff(failures: int) -> float:
    """Seconds to wait after that many failed attempts in a row (at least one): never more than two."""
    return BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1]


def connect(uri: str, *, heartbeat: int, ssl: Any = None, login_method: str | None = None, **options: Any) -> Connection:
    """One attempt to connect, `heartbeat` in seconds; raises one of BROKEN. `options` go to py-amqp's connection.

    Of a cluster's nodes any will do, left to chance so that all have their share; one that refuses costs no time. One that is
    silent ends the attempt - whoever leads must show that it lives -, and the next attempt begins elsewhere.
    One green thread reads from the connection, others may write to it.
    """
    nodes = broker_addresses(uri)
    random.shuffle(nodes)
    began = monotonic()
    lately = {one: failed for one, failed in _failed.items() if began - failed < AVOIDED_SECONDS}
    nodes.sort(key=lambda one: lately.get(one, 0.0))
    for number, node in enumerate(nodes, 1):
        try:
            connection = _connect(node, heartbeat, ssl, login_method, options)
        except BROKEN:
            _failed[node] = monotonic()
            if number == len(nodes) or monotonic() - began > WORTH_ANOTHER_SECONDS:
                raise
        else:
            _failed.pop(node, None)
            return connection
    raise AssertionError("the last node's failure is raised")


def _connect(uri: str, heartbeat: int, ssl: Any, login_method: str | None, options: dict[str, Any]) -> Connection:
    connection = _open(
        uri,
        heartbeat=heartbeat,
        ssl=ssl,
        login_method=login_method,
        connect_timeout=CONNECT_SECONDS,
        transport_options=options,
    )
    try:
        connection.ensure_connection(max_retries=0)
    except BaseException:
        connection.collect()
        raise
    # py-amqp would read from the socket before each publish to see whether the broker has blocked the connection, in the
    # middle of what the reading thread has half read. That thread learns of it anyway (`on_blocked`).
    getattr(connection.connection, "client_properties", {}).get("capabilities", {}).pop("connection.blocked", None)
    return connection


def setup_limit() -> eventlet.Timeout:
    """Ends the waits of whoever sets up a connection, with one of BROKEN: a broker may freeze in the middle of it."""
    return eventlet.Timeout(SETUP_SECONDS, TimeoutError("the broker did not answer while the connection was set up"))


def sever(connection: Connection) -> None:
    """Break the connection at once, from any green thread: whoever reads from it gets an error and drops it.

    For a write that failed half-way, after which nothing more may be sent. Closing the socket here would leave the reader
    waiting for it.
    """
    if connection.connected:
        try:
            connection.connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it was broken already


def drop(connection: Connection) -> None:
    """Give up the connection without a word: a frozen broker would never answer a polite close."""
    connection.collect()


def close(connection: Connection) -> None:
    """Close the connection politely, so that the broker has read all that was sent, but wait two seconds at most."""
    try:
        with eventlet.Timeout(CLOSE_SECONDS, _TooSlow()):
            if connection.connected:
                connection.connection.close()
    except (_TooSlow, *BROKEN):
        return
    finally:
        connection.collect()
