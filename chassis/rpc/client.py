"""The calling end of RPC: every call ends by its deadline, with an answer or with a typed error that says what is known.

One connection per caller, with one channel to publish on and one reply queue, declared once; nameko's own client declares it
for every call, waits for confirms and knows no deadline.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid4

import eventlet
import structlog
from eventlet.event import Event
from kombu import serialization
from kombu.entity import Queue
from kombu.exceptions import DecodeError
from nameko.exceptions import BadRequest, MethodNotFound, RemoteError, deserialize
from nameko.rpc import RPC_REPLY_QUEUE_TEMPLATE, get_rpc_exchange

from chassis.amqp.connection import BROKEN, Connection, backoff, close, connect, drop, setup_limit, sever
from chassis.process import tracing
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, ServiceError, Unavailable
from chassis.wire.ids import new_id
from chassis.wire.replayed import Replayed

log = structlog.get_logger()

HEARTBEAT_SECONDS = 10
RECONNECT_PATIENCE = 3.0
"""How long a call waits for a lost connection to come back, in seconds; a bit longer than the longest backoff."""

_LOOP_SECONDS = 0.5
_TRANSIENT = 1

_dumps: Callable[..., tuple[str, str, Any]] = serialization.dumps
_loads: Callable[..., Any] = serialization.loads
_queue: Any = Queue


@dataclass(slots=True)
class _Pending:
    """A call that waits for its answer."""

    service: str
    method: str
    answered: Event = field(default_factory=Event)

    def answer(self, body: Any) -> None:
        """Hand over the answer, or an error to raise; the first one counts."""
        if not self.answered.ready():
            self.answered.send(body)

    def unknown(self) -> None:
        """The connection broke after the call was sent."""
        self.answer(DeadlineExceeded("outcome_unknown", service=self.service, method=self.method))


class RpcCaller:
    """Calls methods of services for as many green threads as like. `start()` before the first call, `stop()` after the last.

    `name` is the caller's: its reply queue is `rpc.reply-<name>-<uuid>`.
    """

    def __init__(self, amqp_uri: str, name: str, *, heartbeat: int = HEARTBEAT_SECONDS) -> None:
        self._uri = amqp_uri
        self._name = name
        self._heartbeat = heartbeat
        self._exchange = get_rpc_exchange()
        self._pending: dict[str, _Pending] = {}
        self._connection: Connection | None = None
        self._channel: Any = None
        self._reply_to = ""
        self._connected = Event()
        self._blocked = False
        self._stopping = False
        self._thread: Any = None

    @property
    def pending(self) -> int:
        """How many calls wait for their answer."""
        return len(self._pending)

    def start(self) -> None:
        """Connect in the background and keep connected."""
        self._stopping = False
        self._thread = eventlet.spawn(self._keep_connected)

    def stop(self) -> None:
        """Disconnect; calls that wait end with DeadlineExceeded("outcome_unknown")."""
        self._stopping = True
        if self._thread is not None:
            self._thread.kill()
            self._thread = None
            self._lost(close)

    def call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        """What `service.method(payload=payload)` answers, within `timeout` seconds and `call.deadline`.

        Raises the service's own typed errors; Unavailable when nothing was sent or nobody was there to take it; DeadlineExceeded
        when the outcome is unknown; ServiceError("unknown_method"), ("malformed_call") or ("internal_error") for defects.
        """
        facts = {"rpc.system": "nameko", "rpc.service": service, "rpc.method": method}
        with tracing.begin("client", self._name, f"{service}.{method}", call.traceparent, facts=facts) as span:
            return self._call(service, method, payload, span.of(call), timeout)

    def _call(self, service: str, method: str, payload: dict[str, Any], call: Call, timeout: float) -> Any:
        now = time.time()
        deadline = now + timeout if call.deadline is None else min(call.deadline, now + timeout)
        if deadline <= now:
            raise DeadlineExceeded("deadline_exceeded", service=service, method=method)
        content_type, content_encoding, body = _dumps(  # what cannot be encoded is the caller's mistake
            {"args": [], "kwargs": {"payload": payload}}, "json"
        )
        connection, channel = self._line(service, min(RECONNECT_PATIENCE, deadline - now))
        remaining = deadline - time.time()
        if remaining <= 0:
            raise Unavailable("bus_unavailable", service=service)
        correlation_id = new_id()
        message = channel.prepare_message(
            body,
            content_type=content_type,
            content_encoding=content_encoding,
            headers=replace(call, deadline=deadline).to_headers(),
            properties={
                "correlation_id": correlation_id,
                "reply_to": self._reply_to,
                "delivery_mode": _TRANSIENT,
                "expiration": str(max(1, int(remaining * 1000))),
            },
        )
        pending = self._pending[correlation_id] = _Pending(service, method)
        try:
            with eventlet.Timeout(remaining, DeadlineExceeded("deadline_exceeded", service=service, method=method)):
                self._publish(connection, channel, message, pending)
                answer = pending.answered.wait()
        finally:
            del self._pending[correlation_id]
        if isinstance(answer, ServiceError):
            raise answer
        return _result(answer, service, method)

    def _line(self, service: str, patience: float) -> tuple[Connection, Any]:
        if self._blocked:
            raise Unavailable("bus_blocked", service=service)
        if self._channel is None and not self._stopping:
            with eventlet.Timeout(patience, Unavailable("bus_unavailable", service=service)):
                self._connected.wait()
        if self._channel is None:
            raise Unavailable("bus_unavailable", service=service)
        return self._connection, self._channel

    def _publish(self, connection: Connection, channel: Any, message: Any, call: _Pending) -> None:
        try:
            channel.basic_publish(
                message, exchange=self._exchange.name, routing_key=f"{call.service}.{call.method}", mandatory=True
            )
        except BROKEN as error:
            sever(connection)  # half a frame may have been written; the broker ignores it, so nothing was done
            raise Unavailable("bus_unavailable", service=call.service) from error
        except DeadlineExceeded:
            sever(connection)
            raise

    # -- the connection --------------------------------------------------------------------------------------------

    def _keep_connected(self) -> None:
        failures = 0
        while True:
            try:
                self._connection = connect(
                    self._uri,
                    heartbeat=self._heartbeat,
                    on_blocked=partial(self._on_blocked, True),
                    on_unblocked=partial(self._on_blocked, False),
                )
                with setup_limit():
                    self._open(self._connection)
                failures = 0
                self._read(self._connection)
            except BROKEN as error:
                failures += 1
                log.warning("rpc_connection_lost", caller=self._name, failures=failures, error=str(error))
                self._lost(drop)
                eventlet.sleep(backoff(failures))

    def _open(self, connection: Connection) -> None:
        reply_id = str(uuid4())
        replies = _queue(
            RPC_REPLY_QUEUE_TEMPLATE.format(self._name, reply_id),
            exchange=self._exchange,
            routing_key=reply_id,
            durable=False,
            exclusive=True,
            auto_delete=True,
        )(connection.channel())
        replies.declare()
        replies.consume(callback=self._on_reply, no_ack=True)
        channel = connection.channel()
        channel.events["basic_return"].add(self._on_return)
        self._reply_to = reply_id
        self._channel = channel
        self._connected.send()

    def _read(self, connection: Connection) -> None:
        beat = time.monotonic()
        while True:
            with suppress(TimeoutError):
                connection.drain_events(timeout=_LOOP_SECONDS)
            if time.monotonic() - beat >= 1:
                beat = time.monotonic()
                connection.heartbeat_check()

    def _lost(self, let_go: Callable[[Connection], None]) -> None:
        connection, self._connection = self._connection, None
        self._channel = None
        self._blocked = False
        if self._connected.ready():
            self._connected = Event()
        for pending in list(self._pending.values()):
            pending.unknown()
        if connection is not None:
            let_go(connection)

    def _on_blocked(self, blocked: bool, *_: Any) -> None:
        self._blocked = blocked

    def _on_reply(self, message: Any) -> None:
        pending = self._pending.get(message.properties.get("correlation_id"))
        if pending is not None:
            pending.answer(message)

    def _on_return(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        pending = self._pending.get(message.properties.get("correlation_id"))
        if pending is not None:
            pending.answer(Unavailable("service_unavailable", service=pending.service))


def _result(message: Any, service: str, method: str) -> Any:
    try:
        answer = _loads(message.body, message.properties.get("content_type"), message.properties.get("content_encoding"))
    except DecodeError as error:
        raise ServiceError("internal_error", service=service, method=method, error="undecodable answer") from error
    if not isinstance(answer, dict):
        raise ServiceError("internal_error", service=service, method=method, error="malformed answer")
    if answer.get("error"):
        raise _error(answer["error"], service, method)
    result = answer.get("result")
    return Replayed(result) if answer.get("replayed") and isinstance(result, dict) else result


def _error(wire: Any, service: str, method: str) -> ServiceError:
    """The error a service answered with. Of an unknown exception only the type is passed on: its text may hold secrets."""
    try:
        error = deserialize(wire)
    except (AttributeError, TypeError, ValueError):
        error = RemoteError("malformed error")
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, MethodNotFound):
        return ServiceError("unknown_method", service=service, method=method)
    if isinstance(error, BadRequest):
        return ServiceError("malformed_call", service=service, method=method, error=str(error))
    kind = error.exc_type if isinstance(error, RemoteError) else type(error).__name__
    return ServiceError("internal_error", service=service, method=method, error=kind)
