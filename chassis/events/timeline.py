"""What one service can tell about a visit: its events, from the outbox, which is also the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from chassis.store.tables import outbox
from chassis.wire.envelope import Envelope
from chassis.wire.fields import Id
from chassis.wire.messages import Answer, Part, Query
from chassis.work.unit_of_work import Work


class VisitEvent(Part):
    """One event of a visit; `causation_id` is the event that caused it, `facts` its data."""

    id: Id
    type: str
    subject: str
    sequence: int
    time: datetime
    actor: str | None = None
    causation_id: str | None = None
    facts: dict[str, Any]


class VisitTimeline(Answer):
    """A visit's events in the order this service announced them."""

    events: list[VisitEvent]


class VisitEvents(Query, answer=VisitTimeline):
    """Asks any service for its events of one visit."""

    correlation_id: Id


def visit_events(work: Work, query: VisitEvents) -> VisitTimeline:
    """This service's events of one visit of the caller's dealer."""
    # The outbox stands outside row-level security: the dealer is asked for here, explicitly.
    rows = work.session.scalars(
        select(outbox.c.envelope)
        .where(outbox.c.correlation_id == query.correlation_id, outbox.c.dealer_id == work.dealer)
        .order_by(outbox.c.position)
    )
    return VisitTimeline(events=[_entry(Envelope.from_json(row)) for row in rows])


def _entry(envelope: Envelope) -> VisitEvent:
    return VisitEvent(
        id=envelope.id,
        type=envelope.type,
        subject=envelope.subject,
        sequence=envelope.sequence,
        time=envelope.time,
        actor=envelope.actor,
        causation_id=envelope.causationid,
        facts=envelope.data,
    )
