"""What one service could not do yet: the parked messages of one dealer, for whoever looks after that dealer."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from chassis.store.tables import parked_message
from chassis.wire.envelope import ids_of
from chassis.wire.messages import Answer, Part, Query
from chassis.work.unit_of_work import Work

MOST = 20


class StandingMessage(Part):
    """One message that stands still; `ids` are those that its facts name."""

    dead: bool
    subscriber: str
    type: str | None = None
    since: datetime
    reason: str
    ids: dict[str, Any]


class StandingMessages(Answer):
    """How many are dead and how many are held, and the first of them, the dead ones first."""

    dead: int
    held: int
    items: list[StandingMessage]


class MessagesStandingStill(Query, answer=StandingMessages):
    """Asks any service for its messages of the caller's dealer that are dead, or were parked before that time and still are."""

    parked_before: datetime


def messages_standing_still(work: Work, query: MessagesStandingStill) -> StandingMessages:
    """Those of the caller's dealer; a message whose dealer nobody could read is the operator's matter."""
    # The table stands outside row-level security: the dealer is asked for here, explicitly.
    columns = parked_message.c
    is_dead = columns.kind == "dead"
    mine = and_(columns.dealer_id == work.dealer, or_(is_dead, columns.parked_at <= query.parked_before))
    kinds = dict(work.session.execute(select(is_dead, func.count()).where(mine).group_by(is_dead)).all())
    found = select(columns.subscriber, columns.type, columns.parked_at, columns.reason, columns.payload, is_dead.label("dead"))
    rows = work.session.execute(found.where(mine).order_by(is_dead.desc(), columns.parked_at).limit(MOST))
    return StandingMessages(
        dead=kinds.get(True, 0),
        held=kinds.get(False, 0),
        items=[
            StandingMessage(
                dead=row.dead,
                subscriber=row.subscriber,
                type=row.type,
                since=row.parked_at,
                reason=row.reason[:300],
                ids=_ids(row.payload),
            )
            for row in rows
        ],
    )


def _ids(payload: str) -> dict[str, str]:
    """The ids among a message's facts; none of what cannot be read, which may be why it is here."""
    try:
        return ids_of(json.loads(payload)["data"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
