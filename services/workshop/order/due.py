"""When a car is promised, and how late it is by that (Rules W10, W22)."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, func, literal
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped

from chassis.wire.fields import LAST_YEAR
from services.workshop.order.status import NOT_READY, Status

NO_TIME = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)
"""What has no promised time yet stands behind what has one."""


class Due:
    """Part of `WorkOrder`."""

    promised_at: Mapped[datetime | None]
    if TYPE_CHECKING:
        status: Mapped[Status]

    @hybrid_property
    def due_at(self) -> datetime:
        """The promised time; what has none is due last."""
        return self.promised_at or NO_TIME

    @due_at.inplace.expression
    @classmethod
    def _due_at(cls) -> ColumnElement[datetime]:
        return func.coalesce(cls.promised_at, literal(NO_TIME, cls.promised_at.type))


def late_minutes(order: "Due | Row[Any]", now: datetime) -> int:
    """For how many minutes the car should have been ready; the one that has begun counts."""
    if order.promised_at is None or order.status not in NOT_READY:
        return 0
    return max(0, ceil((now - order.promised_at) / timedelta(minutes=1)))
