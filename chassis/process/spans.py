"""Spans as OpenTelemetry has them, and how they leave the process; nothing else of ours touches that library.

They are sent by a thread of the library's own, which is a green one like all of ours, in small batches, because a batch is
encoded in one go. Nobody waits for it: what it cannot send in time, or what is more than it can hold, is lost and counted.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from os import getpid
from socket import gethostname
from typing import Any

import eventlet
import requests
import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace import Span as Recorded

from chassis.process.metrics import SpanMetrics
from chassis.process.tracing import Facts, Kind, Span
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, NotYet, ServiceError, Unavailable
from chassis.wire.traces import read_traceparent

log = structlog.get_logger()

KNOWN = frozenset(
    {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "rpc.system",
        "rpc.service",
        "rpc.method",
        "messaging.system",
        "messaging.destination.name",
        "messaging.operation.name",
        "messaging.message.id",
        "messaging.batch.message_count",
        "servicelane.dealer",
        "servicelane.correlation_id",
        "servicelane.request_id",
        "servicelane.subject",
        "servicelane.attempt",
        "servicelane.redelivered",
        "servicelane.outcome",
    }
)
"""All that a span may say: names and ids of ours. What people are called, wrote or signed in with is none of it."""

SEND_SECONDS, FLUSH_SECONDS = 5.0, 2.0
PAUSE_MS = 1000
HELD, AT_ONCE = 8192, 100
"""So many spans wait to be sent at most, and so many go together: while they are encoded, for milliseconds, all others wait."""

_KINDS = {kind.name.lower(): kind for kind in SpanKind}


class Spans:
    """Makes the spans of this process, whichever of its services they are of, and sends them."""

    def __init__(self, collector: str) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # says of each batch what we say once
        self._exporter = _Telling(collector)
        self._sender = BatchSpanProcessor(
            self._exporter, max_queue_size=HELD, schedule_delay_millis=PAUSE_MS, max_export_batch_size=AT_ONCE
        )
        self._tracers: dict[str, Tracer] = {}

    def begin(
        self, kind: Kind, service: str, name: str, parent: str | None, *, facts: Facts, links: Sequence[str | None]
    ) -> Span:
        """A span that has begun."""
        tracer = self._tracers.get(service) or self._tracer(service)
        cause = _read(parent)
        recorded = tracer.start_span(
            name,
            context=Context() if cause is None else set_span_in_context(NonRecordingSpan(cause), Context()),
            kind=_KINDS[kind],
            links=[Link(one) for one in map(_read, links) if one is not None],
        )
        span = _Made(recorded)
        span.tell(facts)
        return span

    def flush(self) -> None:
        """Send what has ended; not at all, if the collector was not there the last time, and not for long."""
        if not self._exporter.failing:
            with eventlet.Timeout(FLUSH_SECONDS, False):
                self._sender.force_flush()

    def stop(self) -> None:
        """Send what has ended, and no more."""
        self.flush()
        self._exporter.shutdown()
        with eventlet.Timeout(FLUSH_SECONDS, False):
            self._sender.shutdown()  # type: ignore[no-untyped-call]  # the library leaves it untyped

    def _tracer(self, service: str) -> Tracer:
        instance = f"{gethostname()}-{getpid()}"
        resource = Resource.create({"service.namespace": "servicelane", "service.name": service, "service.instance.id": instance})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(self._sender)
        tracer = self._tracers[service] = provider.get_tracer("servicelane")
        return tracer


class _Made(Span):
    """A span that somebody collects."""

    __slots__ = ("_recorded",)

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    @property
    def traceparent(self) -> str | None:
        made = self._recorded.get_span_context()
        if not made.is_valid:  # OTEL_SDK_DISABLED is set
            return None
        return f"00-{made.trace_id:032x}-{made.span_id:016x}-{made.trace_flags:02x}"

    def of(self, call: Call) -> Call:
        return call if self.traceparent is None else call.within(self.traceparent)

    def tell(self, facts: Facts) -> None:
        if not KNOWN.issuperset(facts):
            raise ValueError(f"a span says nothing of {sorted(set(facts) - KNOWN)}")
        self._recorded.set_attributes({name: value for name, value in facts.items() if value is not None})

    def end(self, error: BaseException | None = None) -> None:
        if not self._recorded.is_recording():
            return
        if error is not None:
            code = error.code if isinstance(error, ServiceError) else type(error).__name__  # its text may say anything
            self._recorded.set_attribute("error.type", code)
            if not _says_no(error):
                self._recorded.set_status(Status(StatusCode.ERROR, code))
        self._recorded.end()


class _Telling(SpanExporter):
    """Sends spans, counts them, and says in one line when the collector is away and in one when it is back."""

    def __init__(self, collector: str) -> None:
        self._collector = collector
        self._line = _Line()
        self._exporter = OTLPSpanExporter(endpoint=f"{collector.rstrip('/')}/v1/traces", timeout=SEND_SECONDS, session=self._line)
        self.failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        sent = result is SpanExportResult.SUCCESS
        for service, number in Counter(str(one.resource.attributes["service.name"]) for one in spans).items():
            SpanMetrics(service).left(number, sent=sent)
        if sent and self.failing:
            log.info("spans_sent_again", collector=self._collector)
        elif not sent and not self.failing:
            log.warning("spans_not_sent", collector=self._collector, reason=self._line.trouble, hint="nothing else is lost")
        self.failing = not sent
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the library leaves it untyped


class _Line(requests.Session):
    """The line to the collector: no proxy of the environment is between, and what went wrong is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.trouble = ""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As the library has it."""
        try:
            answer = super().send(request, **options)
        except requests.RequestException as error:
            self.trouble = type(error).__name__
            raise
        self.trouble = f"status {answer.status_code}"
        return answer


def _read(traceparent: str | None) -> SpanContext | None:
    found = read_traceparent(traceparent)
    if found is None:
        return None
    trace, span, flags = found
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags))


def _says_no(error: BaseException) -> bool:
    """Whether it is an outcome rather than a failure: a refusal, or a message that came early."""
    if isinstance(error, ServiceError):
        return type(error) is not ServiceError and not isinstance(error, Unavailable | DeadlineExceeded)
    return isinstance(error, NotYet)
