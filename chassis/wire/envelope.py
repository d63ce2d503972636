"""The envelope of an event: CloudEvents 1.0 attributes as JSON, with our extensions in lower case as CloudEvents demands."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import INCLUDE, fields, validate

from chassis.wire.codec import CodedSchema, flatten
from chassis.wire.fields import DEALER_ID, ID
from chassis.wire.ids import new_id
from chassis.wire.messages import Event

CONTENT_TYPE = "application/json"


class BadEnvelope(Exception):
    """The message is not an event of ours; the text says which attribute is wrong."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event with who caused it. `sequence` is the version of the aggregate `subject` after the change."""

    id: str
    type: str
    subject: str
    time: datetime
    sequence: int
    schemaversion: int
    data: dict[str, Any]
    dealerid: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    actor: str | None = None

    @property
    def publisher(self) -> str:
        """The service that announced it."""
        return self.type.partition(".")[0]

    @property
    def routing_key(self) -> str:
        """What it is published under on the publisher's exchange."""
        return self.type.partition(".")[2]

    def to_json(self) -> str:
        """The exact text on the bus."""
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": f"servicelane/{self.publisher}",
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": CONTENT_TYPE,
            "sequence": self.sequence,
            "schemaversion": self.schemaversion,
            "dealerid": self.dealerid,
            "correlationid": self.correlationid,
            "causationid": self.causationid,
            "traceparent": self.traceparent,
            "actor": self.actor,
            "data": self.data,
        }
        present = {name: value for name, value in attributes.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Envelope":
        """Read the text on the bus. Raises BadEnvelope."""
        try:
            attributes = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadEnvelope(f"not JSON: {error}") from None
        return cls.read(attributes)

    @classmethod
    def read(cls, attributes: Any) -> "Envelope":
        """Read an envelope. Raises BadEnvelope naming what is wrong; unknown attributes are ignored."""
        if not isinstance(attributes, dict):
            raise BadEnvelope("not a JSON object")
        errors = flatten(_SCHEMA.validate(attributes))
        if errors:
            raise BadEnvelope("; ".join(f"{name}: {' '.join(rules)}" for name, rules in sorted(errors.items())))
        return cls(
            id=attributes["id"],
            type=attributes["type"],
            subject=attributes["subject"],
            time=datetime.fromisoformat(attributes["time"]).astimezone(UTC),
            sequence=attributes["sequence"],
            schemaversion=attributes["schemaversion"],
            data=attributes["data"],
            dealerid=attributes.get("dealerid"),
            correlationid=attributes.get("correlationid"),
            causationid=attributes.get("causationid"),
            traceparent=attributes.get("traceparent"),
            actor=attributes.get("actor"),
        )


_PLAIN = validate.Regexp(r"^[^\x00-\x1f\x7f]*\Z", error="control_characters")


class _EnvelopeSchema(CodedSchema):
    class Meta:
        unknown = INCLUDE

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.UUID(required=True)
    type = fields.String(required=True, validate=[validate.Regexp(r"^[a-z_]+(\.[a-z_]+)+\Z"), validate.Length(max=80)])
    subject = fields.String(required=True, validate=[validate.Length(min=1, max=64), _PLAIN])
    time = fields.AwareDateTime(required=True, format="iso")
    sequence = fields.Integer(required=True, strict=True)
    schemaversion = fields.Integer(required=True, strict=True)
    data = fields.Dict(required=True)
    dealerid = fields.String(validate=validate.Regexp(DEALER_ID))
    correlationid = fields.UUID()
    causationid = fields.String(validate=_PLAIN)
    traceparent = fields.String(validate=_PLAIN)
    actor = fields.String(validate=_PLAIN)


_SCHEMA = _EnvelopeSchema()


def legible_attributes(text: str) -> dict[str, str]:
    """What the body of a message says of its dealer, type and trace, each by itself: also where something else of it is wrong."""
    try:
        attributes = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(attributes, dict):
        return {}
    said = {name: attributes[name] for name in ("dealerid", "type", "traceparent") if name in attributes}
    return {name: value for name, value in said.items() if name not in _SCHEMA.validate({name: value}, partial=True)}


_ID = re.compile(ID)


def ids_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """The ids that an event's facts name, by their field: `work_order_id`."""
    return {name: value for name, value in facts.items() if name.endswith("_id") and isinstance(value, str) and _ID.match(value)}


def seal(
    fact: Event,
    *,
    subject: str,
    sequence: int,
    time: datetime,
    dealer: str | None,
    correlation_id: str | None,
    causation_id: str | None,
    traceparent: str | None,
    actor: str,
) -> Envelope:
    """Put a fact into its envelope, with a new id."""
    return Envelope(
        id=new_id(),
        type=fact.type,
        subject=subject,
        time=time,
        sequence=sequence,
        schemaversion=fact.version,
        data=fact.dump(),
        dealerid=dealer,
        correlationid=correlation_id,
        causationid=causation_id,
        traceparent=traceparent,
        actor=actor,
    )
