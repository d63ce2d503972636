"""When something is said to have happened: not before what it is about, and not later than now."""

from datetime import datetime, timedelta

from chassis import Invalid, Work
from chassis.wire.fields import CLOCK_SKEW

KEPT_BY_DEVICES = timedelta(hours=24)
"""For so long a tablet without connection keeps what happened; later it is written down by those who may correct."""


def when_it_happened(work: Work, field: str, at: datetime | None) -> datetime:
    """When a device says it happened: now, if it says nothing or its clock is a little ahead of ours.

    Raises Invalid naming the field for a time to come, and for one that is too long ago.
    """
    if at is None:
        return work.now
    if at > work.now + CLOCK_SKEW:
        raise Invalid.field(field, "must_not_be_future")
    if at < work.now - KEPT_BY_DEVICES:
        raise Invalid.field(field, "must_be_recent", hours=KEPT_BY_DEVICES // timedelta(hours=1))
    return min(at, work.now)


def require_past(work: Work, field: str, at: datetime, *, since: datetime) -> None:
    """Raises Invalid naming the field. People tell the time to the minute: the minute of `since` itself will do."""
    if at > work.now:
        raise Invalid.field(field, "must_not_be_future")
    require_since(work, field, at, since=since)


def require_since(work: Work, field: str, at: datetime, *, since: datetime) -> None:
    """Raises Invalid naming the field. The minute of `since` itself will do."""
    if at < since.replace(second=0, microsecond=0):
        raise Invalid.field(field, "must_not_predate", since=work.profile.local(since).isoformat(timespec="minutes"))
