"""Times of day on the wall of a dealer, as settings give them, and the instants they are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def on_the_wall(day: date, time_of_day: str, zone: ZoneInfo) -> datetime:
    """The instant at which a clock on the dealer's wall shows that time of that day; 24:00 is the next day's midnight."""
    if time_of_day == "24:00":
        day, time_of_day = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(time_of_day), tzinfo=zone).astimezone(UTC)
