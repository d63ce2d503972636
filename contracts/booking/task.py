"""What the booking desk must look into."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Query, text
from contracts.shared import Listing, Login, Name, Page, Plate

BookingTaskKind = Literal["order_not_opened", "request_unanswered", "parts_late"]
"""到店未开单, 请求未答复, 订件晚到: no order by the evening for a car that came; a request without an answer (Rule B11); parts
that come after the car (Rule B6)."""

BookingTaskState = Literal["open", "resolved"]


class BookingTask(Answer):
    """A car that came and was never taken on, a request that nobody answered in time, or parts that come after the car.

    It is resolved when the order is opened, the request answered, the appointment moved or cancelled, or the parts are there.
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
    expected_on: date | None = None
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
