"""What the booking desk must look into."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Query, text
from contracts.shared import Listing, Login, Name, Page, Plate

BookingTaskKind = Literal["order_not_opened", "request_unanswered"]
"""到店未开单, 请求未答复: no order by the evening for a car that came; no answer in time to a request (Rule B11)."""

BookingTaskState = Literal["open", "resolved"]


class BookingTask(Answer):
    """A car that came and was never taken on, or a request that nobody answered in time.

    It is resolved when the order is opened, the request answered, or the appointment cancelled.
    """

    id: Id
    version: int
    kind: BookingTaskKind
    state: BookingTaskState
    appointment_id: Id
    customer_name: Name
    phone: Annotated[str, text(30)]
    plate: Plate
    advisor: Login | None = None
    arrived_at: datetime | None = None
    answer_by: datetime | None = None
    opened_at: datetime
    resolved_at: datetime | None = None


class BookingTasks(Answer, Page):
    """A page of tasks, the newest first."""

    items: list[BookingTask]


class ListBookingTasks(Query, Listing, service="booking", answer=BookingTasks):
    """Tasks of the booking desk.

    Those in a state, if one is given.
    """

    state: BookingTaskState | None = None
