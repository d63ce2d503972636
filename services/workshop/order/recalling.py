"""Recalling how far orders were counted, once the database was restored from a backup."""

from chassis import Work
from contracts.workshop.events import WorkOrderOpened
from services.workshop.order.number_series import NumberSeries


def recall_number(work: Work, event: WorkOrderOpened) -> None:
    """A number that was told is no other order's; it is on the customer's paper."""
    _, year, count = event.number.split("-")
    series = work.lock_or_create(NumberSeries, {"year": int(year)}, last=0)
    series.last = max(series.last, int(count))
