"""Clock-offs that somebody forgot, and when they really stopped (Rule W9)."""

from datetime import datetime
from typing import Annotated

from chassis.wire import Answer, Command, Id, Query, text, whole
from contracts.shared import Listing, Login, Name, Page, Plate, Reason


class ForgottenClockOff(Answer):
    """A stretch of work that the end of the shift ended, as nobody else did; who said since when it really ended, and why."""

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    number: Annotated[str, text(20)]
    plate: Plate
    line_number: Annotated[int, whole(1)]
    description: Annotated[str, text(200)]
    technician: Login
    technician_name: Name | None = None
    started_at: datetime
    stopped_at: datetime
    minutes: Annotated[int, whole(0)]
    stopped_by: Login | None = None
    reason: Reason | None = None


class ForgottenClockOffs(Answer, Page):
    """A page of those that nobody has corrected, the oldest first."""

    items: list[ForgottenClockOff]


class ListForgottenClockOffs(Query, Listing, service="workshop", answer=ForgottenClockOffs):
    """List forgotten clock-offs.

    Stretches of work that the end of the shift ended, and of which nobody has said yet when they really ended.
    """


class CorrectClockOff(Command, service="workshop", answer=ForgottenClockOff):
    """Correct a forgotten clock-off.

    They really stopped then: not before they began, not in the future, not more than a day later, and not while they were on
    something else.
    """

    clocking_id: Id
    stopped_at: datetime
    reason: Reason
