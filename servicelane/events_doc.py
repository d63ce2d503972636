"""Writes docs/events.md from the contracts: `python -m servicelane.events_doc > docs/events.md`."""

import dataclasses
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from marshmallow import fields, validate

from chassis.wire.codec import schema_of
from chassis.wire.envelope import Envelope
from chassis.wire.messages import Event, Message, Part
from chassis.wire.values import HoursField, MoneyField, QuantityField
from contracts.meanings import meaning, where
from contracts.workshop.events import WorkOrderDelivered
from servicelane.outsiders import QUEUED_AT_MOST
from servicelane.suite import SERVICES

SAMPLES = Path(__file__).parents[1] / "contracts" / "samples"

HEAD = """\
# Events

Generated from `contracts/` by `make docs`; edit the contracts, not this file.

Each event is a fact in the past tense. One service announces it on the topic exchange `<publisher>.events` under its routing
key, in a CloudEvents 1.0 envelope (JSON): `id`, `source`, `type`, `subject` (the aggregate), `time`, `data`, and as extensions
`dealerid`, `sequence` (the aggregate's version: newer or older is all it tells, gaps are normal), `schemaversion`,
`correlationid` (the visit), `causationid`, `traceparent`, `actor`. The tables below describe `data`.

Readers ignore fields they do not know. Each subscriber has a durable queue of its own name. An event without subscribers is
for the timeline and for whoever else listens.

An event is published again under the same `id` when its first publishing could not be confirmed: a reader keeps the ids it
has seen, or does nothing twice. The order is that of `sequence` per `subject`, not that of arrival.

Money is `{"amount": "12.00", "currency": "CNY"}`; amounts, quantities and hours travel as decimal strings. Times are UTC,
ISO 8601. An optional field may be null or absent.

## Listening from outside

    servicelane provision --outsider portal      # needs RABBITMQ_MANAGEMENT_URL and AMQP_URI

makes a user of the broker for a program that is not part of ServiceLane, prints the address it connects with, and needs no
database. It may declare what is called `portal.…` and `evt-<publisher>-<routing key>--portal.…`, bind that to any `.events`
exchange and consume from it; it may not publish, call, declare or delete anything of ours. Its queues hold the newest {queued:,}
messages each; the oldest go when nobody takes them. An exchange is there before you come: do not declare it, or only passively.

| what | value |
|---|---|
| exchange | `<publisher>.events`: type `topic`, durable, not auto-delete, not internal, no arguments |
| routing key | the type without its publisher: `work_order.delivered`; `work_order.*` and `*.*` work (`#` hears notices, too) |
| queue | your own: durable, any type and arguments within the limits above; no binding arguments |
| delivery mode | 2, persistent |
| `content_type`, `content_encoding` | `application/json`, `utf-8` |
| `message_id` | the envelope's `id` |
| `type` | the routing key |
| headers | none of ours; a quorum queue adds `x-delivery-count` |
| body | the envelope, UTF-8 |

Under the routing key `noticed` the same exchange has a short notice of each batch that was published: which events they were, for
those who want to know that something changed and no more. It may be lost; the gateway's change feed is made of it.

A plain nameko service, called `portal` as its user is. nameko declares the exchanges it listens to unless it is told that they
are there:

```yaml
AMQP_URI: amqp://portal:…@broker/
DECLARE_EVENT_EXCHANGES: false
```

```python
from nameko.events import event_handler


class Portal:
    name = "portal"

    @event_handler("workshop", "work_order.delivered")
    def on_delivered(self, event):
        print(event["dealerid"], event["data"]["number"])
```

A whole message, from the exchange `workshop.events` under `work_order.delivered`:

```json
{message}
```

## All events
"""


def events() -> Iterator[tuple[str, list[type[Event]]]]:
    """Each service with what it announces, in the order of its contract: of `events.py`, and of what stands beside it."""
    for service in SERVICES:
        found = [one.name for one in iter_modules(import_module(f"contracts.{service}").__path__) if one.name.endswith("events")]
        modules = [
            import_module(f"contracts.{service}.{name}") for name in sorted(found, key=lambda name: (name != "events", name))
        ]
        yield service, [one for module in modules for one in _declared(module, Event) if hasattr(one, "type")]


def render() -> str:
    """The whole document."""
    published = list(events())
    lines = [HEAD.replace("{queued:,}", f"{QUEUED_AT_MOST:,}").replace("{message}", _whole_message())]
    lines += ["| event | type | version | publisher | subscribers |", "|---|---|---|---|---|"]
    for service, announced in published:
        lines += [
            f"| [{one.__name__}](#{one.__name__.lower()}) | `{one.type}` | {one.version} | {service} | {_subscribers(one)} |"
            for one in announced
        ]
    for service, announced in published:
        lines.append(f"\n## {service}")
        for one in announced:
            lines += [
                "",
                f"### {one.__name__}",
                "",
                f"`{one.type}` · version {one.version} · published by {service} · subscribers: {_subscribers(one)}",
                *_described(one),
            ]
    lines.append("\n## What several events are made of")
    for part in _parts([one for _, announced in published for one in announced]):
        lines += ["", f"### {part.__name__}", *_described(part)]
    return "\n".join(lines) + "\n"


def _whole_message() -> str:
    """A delivery as it goes on the bus, with the data of its sample."""
    sample = SAMPLES / f"{WorkOrderDelivered.type}.v{WorkOrderDelivered.version}.json"
    data = json.loads(sample.read_text(encoding="utf-8"))
    envelope = Envelope(
        id="019cadf0-0000-7000-8000-000000000101",
        type=WorkOrderDelivered.type,
        subject=data["work_order_id"],
        time=datetime.fromisoformat(data["delivered_at"]),
        sequence=9,
        schemaversion=WorkOrderDelivered.version,
        data=data,
        dealerid="sh-pudong",
        correlationid="019cadf0-0000-7000-8000-000000000100",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        actor="wang",
    )
    return json.dumps(json.loads(envelope.to_json()), ensure_ascii=False, indent=2)


def _declared(module: Any, kind: type[Message]) -> Iterator[Any]:
    for one in vars(module).values():
        if isinstance(one, type) and issubclass(one, kind) and one.__module__ == module.__name__:
            yield one


def _subscribers(event: type[Event]) -> str:
    return ", ".join(f"`{name}`" for name in event.subscribers) or "none"


def _described(message: type[Message]) -> list[str]:
    rows = ["| field | type | | meaning |", "|---|---|---|---|"]
    for one in dataclasses.fields(message):  # type: ignore[arg-type]  # every message becomes a dataclass
        has_default = one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
        kind = _kind(schema_of(message).fields[one.name])
        rows.append(f"| `{one.name}` | {kind} | {'optional' if has_default else ''} | {_meaning(message, one.name)} |")
    return ["", cleandoc(message.__doc__ or "").replace("\n", " ").replace("  ", "\n\n"), "", *rows]


def _meaning(message: type[Message], field: str) -> str:
    found = meaning(message, field)
    if found is None:
        raise KeyError(f"{message.__name__}.{field}: explain it in {where(message)}")
    return found


def _kind(field: Any) -> str:
    for kind, name in _NAMES:
        if isinstance(field, kind):
            return name
    if isinstance(field, fields.Nested):
        name = field.schema.__class__.__name__
        return f"[{name}](#{name.lower()})"
    if isinstance(field, fields.List):
        return f"list of {_kind(field.inner)}"
    return "".join(_rule(check) for check in field.validators) or "text"


_NAMES = (
    (MoneyField, "money"),
    (QuantityField, "quantity"),
    (HoursField, "hours"),
    (fields.Boolean, "yes or no"),
    (fields.DateTime, "time"),
    (fields.Date, "day"),
    (fields.Time, "time of day"),
)


def _rule(check: Any) -> str:
    match check:
        case validate.OneOf():
            return ", ".join(f"`{choice}`" for choice in check.choices)
        case validate.Range(max=None):
            return f"whole number, at least {check.min}"
        case validate.Range():
            return f"whole number, {check.min} to {check.max}"
        case validate.Length():
            return f"text, at most {check.max}"
        case validate.Regexp(error="not_an_id"):
            return "id"
        case _:
            return ""  # what else a text may not contain


def _parts(messages: list[Any]) -> list[type[Part]]:
    found: dict[str, Any] = {}
    todo = list(messages)
    while todo:
        for field in schema_of(todo.pop(0)).fields.values():
            inner = field.inner if isinstance(field, fields.List) else field
            if isinstance(inner, fields.Nested):
                part = _part(inner)
                if part.__name__ not in found:
                    found[part.__name__] = part
                    todo.append(part)
    return [found[name] for name in sorted(found)]


def _part(field: fields.Nested) -> Any:
    name = field.schema.__class__.__name__
    todo: list[Any] = list(Part.__subclasses__())
    while todo:
        part = todo.pop()
        if part.__name__ == name and part.__module__.startswith("contracts."):
            return part
        todo += part.__subclasses__()
    raise LookupError(f"no contract has a part called {name}")


if __name__ == "__main__":
    sys.stdout.write(render())
