"""When it is looked for parts that ran low: on the hour, from the dealer's first delivery on (Rule P4)."""

from datetime import timedelta

from chassis import Work, set_timer
from services.parts.purchasing.settings import PurchasingSettings

HOUR = timedelta(hours=1)


def look_within_the_hour(work: Work) -> None:
    """On the next full hour: however often it is asked for meanwhile, it is one look."""
    at = work.now.replace(minute=0, second=0, microsecond=0) + HOUR
    set_timer(work, "watch_stock", PurchasingSettings.identity(work.dealer), at)
