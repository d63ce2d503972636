"""The change feed: that something changed at a dealer, and what to read again."""

from datetime import datetime

from chassis.wire import Answer, Id, Query


class Change(Answer):
    """Something happened at the dealer: of what kind, to what, and where that belongs. What it says is read at its own route.

    `subject` is the id of what changed: of `workshop.work_order.delivered` the work order's.
    """

    event_id: Id
    type: str
    subject: str
    sequence: int
    time: datetime
    visit_id: Id | None = None
    work_order_id: Id | None = None
    appointment_id: Id | None = None


class WatchChanges(Query, service="gateway", answer=Change):
    """Watch what changes.

    A stream of server-sent events that says what happened at the dealer, within a second or two: `event: change`, with a `Change`
    in JSON as its `data`. Open it first, then read what you show: every change after its first line is told, once or more often.

    Each event has an `id`. Send the last you saw as `Last-Event-ID` and the stream goes on a little before it, on whichever
    gateway. `event: resync` means that something may be missing: read everything you show again. A line comes every 15 seconds
    at least; a stream that is silent for longer is not live.

    It ends with the token, soon after the caller may not read it any more, and whenever a gateway is restarted: open it again,
    with `Last-Event-ID`. Who does not read is cut off. One caller may have so many streams open and no more (429).
    """
