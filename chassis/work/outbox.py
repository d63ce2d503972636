"""The outbox: what a unit of work announced, written in the transaction of the change it tells of."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import insert
from sqlalchemy.orm import Session

from chassis.process import tracing
from chassis.store.model import Root
from chassis.store.tables import outbox
from chassis.wire.call import Call
from chassis.wire.envelope import Envelope, seal
from chassis.wire.errors import Invalid
from chassis.wire.messages import Event

log = structlog.get_logger()

_APPEND = insert(outbox)


@dataclass(frozen=True)
class Announcement:
    """An event ready for the outbox; `mandatory` when the contract names subscribers, so that an unroutable one is noticed."""

    envelope: Envelope
    mandatory: bool


def take(changed: Sequence[Root], call: Call, cause: Envelope | None, now: datetime) -> list[Announcement]:
    """Take what these aggregates announced, each fact in its envelope.

    Raises Invalid for a fact that its readers would refuse: they would lose it, long after whoever asked for the change was told
    that it is done.
    """
    taken = []
    for root in changed:
        for fact in root.announced:
            _refuse_unreadable(fact, root)
            span = tracing.begin("producer", fact.publisher(), f"create {fact.type}", call.traceparent)
            envelope = seal(
                fact,
                subject=root.id,
                sequence=root.version,
                time=now,
                dealer=root.concerns,
                correlation_id=root.correlation_id or call.correlation_id,
                causation_id=cause.id if cause else call.causation_id,
                traceparent=span.traceparent or call.traceparent,
                actor=call.actor,
            )
            if tracing.on():
                _tell(span, envelope)
            taken.append(Announcement(envelope, mandatory=bool(fact.subscribers)))
            if len(taken) > 1:
                time.sleep(0)  # a price list is hundreds of facts of hundreds of parts: others have their turn
        root.announced.clear()
    return taken


def _tell(span: tracing.Span, envelope: Envelope) -> None:
    known = {
        "messaging.message.id": envelope.id,
        "servicelane.subject": envelope.subject,
        "servicelane.dealer": envelope.dealerid,
        "servicelane.correlation_id": envelope.correlationid,
    }
    span.tell(known)
    span.end()


def _refuse_unreadable(fact: Event, root: Root) -> None:
    try:
        fact.check()
    except Invalid as error:
        log.error("event_breaks_its_contract", type=fact.type, subject=root.id, errors=error.details["errors"])
        raise Invalid(error.code, error.details, event=fact.type) from None


def write_outbox(session: Session, announcements: Sequence[Announcement]) -> None:
    """Write announced facts as one insert, in the order they were announced."""
    if not announcements:
        return
    rows: list[dict[str, Any]] = [
        {
            "id": one.envelope.id,
            "dealer_id": one.envelope.dealerid,
            "type": one.envelope.type,
            "subject": one.envelope.subject,
            "sequence": one.envelope.sequence,
            "correlation_id": one.envelope.correlationid,
            "time": one.envelope.time,
            "mandatory": one.mandatory,
            "envelope": one.envelope.to_json(),
        }
        for one in announcements
    ]
    session.connection().execute(_APPEND, rows)
