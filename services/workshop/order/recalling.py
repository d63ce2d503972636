"""Recalling how far orders were counted, once the database was restored from a backup."""

from typing import Any

from chassis import Work
from contracts.workshop.events import WorkOrderOpened
from services.workshop.order.number_series import NumberSeries


def recall_number(work: Work, event: WorkOrderOpened) -> None:
    """A number that was told is no other order's; it is on the customer's paper."""
    count_to(work, NumberSeries, event.number)


def count_to(work: Work, series: type[Any], number: str) -> None:
    """The series of the number's year is counted at least so far."""
    _, year, count = number.split("-")
    counted = work.lock_or_create(series, {"year": int(year)}, last=0)
    counted.last = max(counted.last, int(count))
