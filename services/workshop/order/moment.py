"""When something is said to have happened: not before what it is about, and not later than now."""

from datetime import datetime

from chassis import Invalid, Work


def require_past(work: Work, field: str, at: datetime, *, since: datetime) -> None:
    """Raises Invalid naming the field. People tell the time to the minute: the minute of `since` itself will do."""
    if at > work.now:
        raise Invalid.field(field, "must_not_be_future")
    if at < since.replace(second=0, microsecond=0):
        raise Invalid.field(field, "must_not_predate", since=work.profile.local(since).isoformat(timespec="minutes"))
