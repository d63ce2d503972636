"""Times of day on the wall of a dealer, as settings give them, and the instants they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chassis.wire.errors import Invalid


def on_the_wall(day: date, time_of_day: str, zone: ZoneInfo) -> datetime:
    """The instant at which a clock on the dealer's wall shows that time of that day; 24:00 is the next day's midnight."""
    if time_of_day == "24:00":
        day, time_of_day = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(time_of_day), tzinfo=zone).astimezone(UTC)


def require_apart(field: str, intervals: Sequence[tuple[str, str, str]]) -> None:
    """Intervals as weekday, beginning and end. Raises Invalid naming the one that ends before it begins, or overlaps another."""
    until: dict[str, str] = {}  # times of day compare as they are written
    for index, (weekday, begins, ends) in sorted(enumerate(intervals), key=lambda given: given[1][1]):
        if begins >= ends:
            raise Invalid.field(f"{field}.{index}.ends", "must_be_after", field="begins")
        if begins < until.get(weekday, ""):
            raise Invalid.field(f"{field}.{index}", "hours_overlap", weekday=weekday)
        until[weekday] = ends
