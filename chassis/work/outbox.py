"""The outbox: what a unit of work announced, written in the transaction of the change it tells of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from chassis.store.tables import outbox
from chassis.wire.envelope import Envelope

_APPEND = insert(outbox)


@dataclass(frozen=True)
class Announcement:
    """An event ready for the outbox; `mandatory` when the contract names subscribers, so that an unroutable one is noticed."""

    envelope: Envelope
    mandatory: bool


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
