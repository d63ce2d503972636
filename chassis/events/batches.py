"""The spans of a batch: one for each of its messages, in that message's own trace, and one for the batch, which links them."""

import json
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Any, Self

from chassis.events.subscription import Message
from chassis.process import tracing
from chassis.process.tracing import NOTHING, Facts, Kind, Span


class Batch:
    """The spans of one batch, over with it; this one is of a process that collects none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def begin(self, message: Message) -> Span:
        """The effect of a message."""
        return NOTHING

    def doubles(self, messages: Sequence[Message]) -> None:
        """These had had their effect before."""

    def publication(self, event_id: object) -> Span:
        """The publication of an event."""
        return NOTHING

    def unsent(self, event_ids: Collection[str]) -> None:
        """These publications reached nobody."""


_UNTOLD = Batch()


class _Told(Batch):
    """The spans of one batch, for whoever collects them."""

    def __init__(self, service: str, name: str, causes: Sequence[str | None]) -> None:
        self._service = service
        facts = {"messaging.batch.message_count": len(causes)}
        # A batch of one is its message: a trace of its own would say nothing more.
        self._whole = tracing.begin("internal", service, name, None, facts=facts, links=causes) if len(causes) > 1 else NOTHING
        self._parts: dict[str, Span] = {}

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """A message has had its effect when the batch is committed, and not before."""
        for part in self._parts.values():
            if error is not None:
                part.tell({"servicelane.outcome": "undone"})
            part.end(error)
        self._whole.end(error)

    def begin(self, message: Message) -> Span:
        self._parts[message.envelope.id] = span = self._effect(message)
        return span

    def doubles(self, messages: Sequence[Message]) -> None:
        for message in messages:
            span = self._effect(message)
            span.tell({"servicelane.outcome": "double"})
            span.end()

    def publication(self, event_id: object) -> Span:
        return self._parts[str(event_id)]

    def unsent(self, event_ids: Collection[str]) -> None:
        for one in event_ids:
            self._parts[one].tell({"servicelane.outcome": "unsent"})

    def publish(self, row: Any, attributes: Any) -> None:
        """The publication of an event begins, whose envelope says this."""
        facts = _facts(str(row.id), row.type, attributes)
        self._parts[str(row.id)] = self._part("producer", f"publish {row.type}", attributes.get("traceparent"), facts)

    def _effect(self, message: Message) -> Span:
        envelope, delivery = message.envelope, message.delivery
        said = {"dealerid": envelope.dealerid, "correlationid": envelope.correlationid, "subject": envelope.subject}
        facts = {
            **_facts(envelope.id, envelope.type, said),
            "messaging.destination.name": message.subscription.name,
            "servicelane.redelivered": delivery.redelivered or None,
            "servicelane.attempt": delivery.attempts + 1 if delivery.attempts else None,
        }
        return self._part("consumer", f"process {message.subscription.name}", message.traceparent, facts)

    def _part(self, kind: Kind, name: str, cause: str | None, facts: Facts) -> Span:
        links = [whole] if (whole := self._whole.traceparent) else []
        return tracing.begin(kind, self._service, name, cause, facts=facts, links=links)


def _facts(event_id: str, event_type: str, attributes: Any) -> dict[str, Any]:
    return {
        "messaging.system": "rabbitmq",
        "messaging.message.id": event_id,
        "messaging.operation.name": event_type,
        "servicelane.subject": attributes.get("subject"),
        "servicelane.dealer": attributes.get("dealerid"),
        "servicelane.correlation_id": attributes.get("correlationid"),
    }


def publications(service: str, rows: Sequence[Any]) -> Batch:
    """The spans of a batch of the relay."""
    if not tracing.on():
        return _UNTOLD
    envelopes = [json.loads(row.envelope) for row in rows]
    batch = _Told(service, "relay", [one.get("traceparent") for one in envelopes])
    for row, attributes in zip(rows, envelopes, strict=True):
        batch.publish(row, attributes)
    return batch


def effects(service: str, messages: Sequence[Message]) -> Batch:
    """The spans of a batch that one subscription handles."""
    if not (messages and tracing.on()):
        return _UNTOLD
    return _Told(service, f"batch {messages[0].subscription.name}", [message.traceparent for message in messages])
