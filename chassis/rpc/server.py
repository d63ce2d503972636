"""The answering end of RPC: nameko's wire format, without the ways in which nameko's own loses calls or dies of them.

Any nameko client can call us: the queue is `rpc-<service>` on the topic exchange `nameko-rpc`, a request is
`{"args": [...], "kwargs": {...}}`, an answer `{"result": ..., "error": ...}` to the caller's reply queue, with
`replayed` beside them if the same was answered before.

Read from nameko's config, under the names of our settings: AMQP_URI, HEARTBEAT, DRAIN_SECONDS, and nameko's `max_workers`.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from kombu import serialization
from kombu.entity import Queue
from kombu.exceptions import EncodeError
from nameko import config
from nameko.exceptions import (
    BadRequest,
    ContainerBeingKilled,
    MalformedRequest,
    MethodNotFound,
    UnserializableValueError,
    serialize,
)
from nameko.messaging import HEADER_PREFIX, decode_from_headers
from nameko.rpc import RPC_QUEUE_TEMPLATE, Rpc, RpcConsumer, get_rpc_exchange

from chassis.amqp.connection import BROKEN
from chassis.amqp.consumer import DRAIN_SECONDS, DrainingConsumer
from chassis.process import tracing
from chassis.process.metrics import Metrics
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from chassis.wire.ids import new_id
from chassis.wire.replayed import Replayed

log = structlog.get_logger()

HEARTBEAT_SECONDS = 10

_TRANSIENT = 1
_dumps: Callable[..., tuple[str, str, Any]] = serialization.dumps
_queue: Any = Queue


def _is_no_refusal(record: logging.LogRecord) -> bool:
    # nameko logs each expected exception with its traceback; a refusal is an outcome, and its caller learns of it.
    return not str(record.msg).startswith("(expected)")


class _AnsweringConsumer(DrainingConsumer):
    """Takes calls and sends their answers over a second channel of the same connection.

    So an answer and its ack share their fate: if the connection breaks between them, the call is delivered again and answered
    from its idempotency record.
    """

    _answers: Any = None

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Any]:
        """Open the channel for answers before the first call can arrive."""
        self._answers = channel.connection.client.channel()
        return super().get_consumers(consumer_cls, channel)

    def send(self, body: Any, content_type: str, content_encoding: str, reply_to: str, correlation_id: str | None) -> None:
        """Send an answer, without waiting for anyone. What goes wrong is logged: the effect it tells of is committed."""
        properties = {"correlation_id": correlation_id, "delivery_mode": _TRANSIENT}
        try:
            answer = self._answers.prepare_message(
                body, content_type=content_type, content_encoding=content_encoding, properties=properties
            )
            self._answers.basic_publish(answer, exchange=get_rpc_exchange().name, routing_key=reply_to)
        except BROKEN as error:
            log.warning("rpc_reply_failed", correlation_id=correlation_id, error=str(error))
            self.sever()


class RpcServer(RpcConsumer):  # type: ignore[misc]  # nameko ships no types
    """Takes the calls of one service and answers them; all its RPC methods share it.

    A stop drains: what runs finishes, is answered and acknowledged; what waits for a worker goes back to the queue.
    """

    def setup(self) -> None:
        """Prepare queue and consumer; a worker's worth of calls is prefetched each, the rest is for other replicas."""
        service = self.container.service_name
        self.metrics = Metrics(service)
        self.metrics.watches_workers(self.container._worker_pool.running, self.container.max_workers)
        self._methods: dict[str, RpcMethod] = {}
        self._drain_seconds = float(config.get("DRAIN_SECONDS", DRAIN_SECONDS))
        self.queue = _queue(
            RPC_QUEUE_TEMPLATE.format(service), exchange=get_rpc_exchange(), routing_key=f"{service}.*", durable=True
        )
        self.consumer = _AnsweringConsumer(
            self.amqp_uri.replace("{service}", service),
            queues=[self.queue],
            callbacks=[self.handle_message],
            undecodable=self._refuse_undecodable,
            heartbeat=int(config.get("HEARTBEAT", HEARTBEAT_SECONDS)),
            prefetch_count=self.container.max_workers,
        )
        logging.getLogger("nameko.containers").addFilter(_is_no_refusal)

    def stop(self) -> None:
        """Drain."""
        self.consumer.stop(self._drain_seconds)

    def get_provider_for_method(self, routing_key: str) -> "RpcMethod":
        """The method a call is for; raises nameko's MethodNotFound."""
        if not self._methods:
            self._methods = {provider.method_name: provider for provider in self._providers}
        name = routing_key.rpartition(".")[2]
        if name not in self._methods:
            raise MethodNotFound(name)
        return self._methods[name]

    def handle_message(self, body: Any, message: Any) -> None:
        """Run the method that is called; a call that makes no sense is answered with what is wrong with it."""
        try:
            self.get_provider_for_method(message.delivery_info["routing_key"]).handle_message(body, message)
        except BadRequest as error:
            log.warning("rpc_malformed", routing_key=message.delivery_info["routing_key"], error=str(error))
            self.answer(message, None, error)

    def answer(self, message: Any, result: Any, error: BaseException | None) -> None:
        """Answer a call, if its caller wants an answer, and then acknowledge it: never the other way round."""
        self._reply(message, result, error)
        self.consumer.ack_message(message)

    def expire(self, message: Any, call: Call) -> None:
        """Drop a call unrun: its caller has given up."""
        log.info("rpc_expired", routing_key=message.delivery_info["routing_key"], deadline=call.deadline)
        self.metrics.rpc_expired()
        self.consumer.ack_message(message)

    def _refuse_undecodable(self, message: Any, error: Exception) -> None:
        log.error("rpc_undecodable", routing_key=message.delivery_info["routing_key"], error=str(error))
        self._reply(message, None, MalformedRequest("Message cannot be decoded"))
        self.consumer.reject_message(message)

    def _reply(self, message: Any, result: Any, error: BaseException | None) -> None:
        reply_to = message.properties.get("reply_to")
        if reply_to:
            content_type, content_encoding, body = _encoded(message, result, error)
            self.consumer.send(body, content_type, content_encoding, reply_to, message.properties.get("correlation_id"))


class RpcMethod(Rpc):  # type: ignore[misc]  # nameko ships no types
    """A method that can be called. Its worker finds the Call in `context_data["call"]` and the call's id in `["message_id"]`.

    A call past its deadline is dropped unrun.
    """

    rpc_consumer = RpcServer()

    def handle_message(self, body: Any, message: Any) -> None:
        """Run the call as soon as a worker is free. Raises BadRequest when it does not fit the method."""
        args, kwargs = _arguments(body)
        self.check_signature(args, kwargs)
        call = _context(message.headers)
        run = partial(self._run, args, kwargs, call, message)
        if self.container._worker_pool.free() > 0:
            run()
        else:
            # The consumer's loop must not wait here: it would miss its heartbeats.
            self.container.spawn_managed_thread(partial(self._run_when_free, run), identifier="rpc_waits_for_worker")

    def _run_when_free(self, run: Callable[[], None]) -> None:
        workers = self.container._worker_pool
        while workers.free() <= 0:
            with workers.sem:
                pass
        run()

    def _run(self, args: list[Any], kwargs: dict[str, Any], call: Call, message: Any) -> None:
        if call.deadline is not None and time.time() >= call.deadline:
            self.rpc_consumer.expire(message, call)
            return
        if self.rpc_consumer.consumer.draining:
            self.rpc_consumer.consumer.requeue_message(message)
            return
        message_id = message.properties.get("correlation_id") or new_id()
        service, method = self.container.service_name, self.method_name
        facts = {"rpc.system": "nameko", "rpc.service": service, "rpc.method": method, "servicelane.dealer": call.dealer}
        span = tracing.begin("server", service, f"{service}.{method}", call.traceparent, facts=facts)
        try:
            self.container.spawn_worker(
                self,
                args,
                kwargs,
                context_data={**_nameko_context(message.headers), "call": span.of(call), "message_id": message_id},
                handle_result=partial(self._handle_result, message, (span, time.perf_counter())),
            )
        except ContainerBeingKilled as error:
            span.end(error)
            self.rpc_consumer.consumer.requeue_message(message)

    def _handle_result(
        self, message: Any, begun: tuple[tracing.Span, float], worker_ctx: Any, result: Any, exc_info: Any
    ) -> tuple[Any, Any]:
        span, started = begun
        error = exc_info[1] if exc_info else None
        self.rpc_consumer.answer(message, result, error)
        span.end(error)
        self.rpc_consumer.metrics.rpc_answered(self.method_name, time.perf_counter() - started)
        return result, exc_info


def _arguments(body: Any) -> tuple[list[Any], dict[str, Any]]:
    if not isinstance(body, dict) or "args" not in body or "kwargs" not in body:
        raise MalformedRequest("Message missing `args` or `kwargs`")
    args, kwargs = body["args"], body["kwargs"]
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise MalformedRequest("`args` must be a list and `kwargs` an object")
    return args, kwargs


def _context(headers: dict[str, Any]) -> Call:
    try:
        call = Call.from_headers(headers)
    except TypeError as error:
        raise MalformedRequest(f"Headers do not fit: {error}") from error
    if not isinstance(call.deadline, int | float | None):
        raise MalformedRequest("Header `deadline` must be a number")
    return call


def _nameko_context(headers: dict[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = decode_from_headers(
        {name: value for name, value in headers.items() if name.startswith(HEADER_PREFIX + ".")}
    )
    return context


def _encoded(message: Any, result: Any, error: BaseException | None) -> tuple[str, str, Any]:
    """The answer in the encoding of its request. What cannot be encoded becomes an error that can."""
    serializer = serialization.registry.type_to_name.get(message.content_type, "json")
    try:
        answer = {"result": result, "error": None if error is None else _wire_error(error)}
        return _dumps({**answer, "replayed": True} if isinstance(result, Replayed) else answer, serializer)
    except EncodeError as unencodable:
        log.error("rpc_answer_unserializable", routing_key=message.delivery_info["routing_key"], error=str(unencodable))
        stand_in = UnserializableValueError(type(result)) if error is None else error
        return _dumps({"result": None, "error": serialize(stand_in)}, serializer)


def _wire_error(error: BaseException) -> dict[str, Any]:
    wire: dict[str, Any] = serialize(error)
    if isinstance(error, ServiceError):
        wire["exc_args"] = [error.code, error.details]  # nameko would turn every number in it into text
    return wire
