"""A collector of spans: takes OTLP over HTTP as any does, decodes it, and tells what it has heard."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import eventlet
import eventlet.wsgi
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from werkzeug.wrappers import Request, Response

SERVER, CLIENT, INTERNAL, PRODUCER, CONSUMER = 2, 3, 1, 4, 5


@dataclass(frozen=True)
class Heard:
    """One span, as it was sent."""

    service: str
    name: str
    kind: int
    trace: str
    id: str
    parent: str
    facts: dict[str, Any]
    failed: bool
    began: int
    ended: int
    links: list[tuple[str, str]] = field(default_factory=list)


class Collector:
    """Listens while the block lasts; `spans` are those that came, `bodies` the bytes they came in."""

    def __init__(self, *, delay: float = 0, status: int = 200) -> None:
        self.spans: list[Heard] = []
        self.bodies: list[bytes] = []
        self.delay, self.status = delay, status
        self._listening = eventlet.listen(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._serving = eventlet.spawn(eventlet.wsgi.server, self._listening, self._take, log_output=False)
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.kill()
        self._listening.close()

    def named(self, *names: str) -> list[Heard]:
        """The spans with one of these names, as they ended."""
        return [one for one in self.spans if one.name in names]

    def below(self, span: Heard) -> list[Heard]:
        """What a span caused, directly."""
        return [one for one in self.spans if (one.trace, one.parent) == (span.trace, span.id)]

    def tree(self, span: Heard) -> Any:
        """All that it caused: each span's service and name with what it caused itself, by name."""
        return {f"{one.service}: {one.name}": self.tree(one) for one in sorted(self.below(span), key=lambda one: one.began)}

    def _take(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        eventlet.sleep(self.delay)
        body = request.get_data()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert (request.path, request.mimetype) == ("/v1/traces", "application/x-protobuf")
        if self.status == 200:
            self.bodies.append(body)
            self.spans += _read(body)
        answer = ExportTraceServiceResponse().SerializeToString()
        return Response(answer, self.status, content_type="application/x-protobuf")(environ, start_response)


def _read(body: bytes) -> Iterator[Heard]:
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = _facts(group.resource.attributes)
        for scope in group.scope_spans:
            for span in scope.spans:
                yield Heard(
                    service=resource["service.name"],
                    name=span.name,
                    kind=span.kind,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    facts=_facts(span.attributes),
                    failed=span.status.code == span.status.STATUS_CODE_ERROR,
                    began=span.start_time_unix_nano,
                    ended=span.end_time_unix_nano,
                    links=[(one.trace_id.hex(), one.span_id.hex()) for one in span.links],
                )


def _facts(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
