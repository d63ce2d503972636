"""Parts set aside for an appointment or a work order."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Part, Quantity, Query, text
from contracts.shared import Listing, Page, PartNumber

ReservationState = Literal["open", "moved", "released", "delivered"]
"""`moved`: the appointment's parts went over to its work order."""


class ReservationLine(Part):
    """One line's parts: `asked_for` is the number of the request, `part_number` the one that is set aside for it.

    `wanted` = `reserved` (in the bin) + `issued` (in work) + `short`. `approved` only when the customer agreed to it; `on_order`
    if what is short is on special order, `expected_on` that day if anybody knows it. What the
    catalogue says of the part is for whoever picks it: name, unit, where it lies, and the code that a scanner reads there.
    """

    line_id: Id
    asked_for: PartNumber
    part_number: PartNumber
    wanted: Quantity
    reserved: Quantity
    issued: Quantity
    short: Quantity
    on_order: bool = False
    expected_on: date | None = None
    approved: bool
    name_zh: str | None = None
    name_en: str | None = None
    unit: str | None = None
    barcode: str | None = None
    bin_location: str | None = None


class Reservation(Answer):
    """Parts set aside for an appointment or a work order (Rule P3).

    `plate` and `tag_date` stand on the tag of the pre-picked parts (预拣); `due` once the car is here or its order open.
    `needed_at` is when the car is promised, or else the appointment's time, or since when it waits.
    """

    id: Id
    version: int
    state: ReservationState
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    plate: str
    tag_date: date | None = None
    bay: str | None = None
    arrived_at: datetime | None = None
    due: bool
    order_number: Annotated[str | None, text(20)] = None
    promised_at: datetime | None = None
    needed_at: datetime
    opened_at: datetime
    lines: list[ReservationLine]


class Reservations(Answer, Page):
    """A page of reservations, the first needed first."""

    items: list[Reservation]


class ShortLine(Part):
    """A line that waits for parts: `short` of `wanted` is neither set aside nor issued."""

    line_id: Id
    asked_for: PartNumber
    part_number: PartNumber
    wanted: Quantity
    short: Quantity
    on_order: bool = False
    expected_on: date | None = None
    approved: bool


class Waiting(Part):
    """Who waits for parts (缺件): an order or an appointment, its car, and by when they are needed.

    `promised_at` is when the car is promised; `needed_at` that, or else the appointment's time, or since when it waits.
    """

    appointment_id: Id | None = None
    work_order_id: Id | None = None
    order_number: Annotated[str | None, text(20)] = None
    plate: str
    promised_at: datetime | None = None
    needed_at: datetime
    opened_at: datetime
    lines: list[ShortLine]


class ShortParts(Answer, Page):
    """A page of those who wait for parts, the first needed first."""

    items: list[Waiting]


class ListShortParts(Query, Listing, service="parts", answer=ShortParts):
    """Parts that are short, and who waits for them.

    The first needed first; those who wait for one part, if it is given.
    """

    part_number: PartNumber | None = None


class GetReservation(Query, service="parts", answer=Reservation):
    """Parts reserved for an appointment or a work order.

    One of them must be named.
    """

    appointment_id: Id | None = None
    work_order_id: Id | None = None


class ListReservations(Query, Listing, service="parts", answer=Reservations):
    """Reservations; the open ones are the pick list.

    The first needed first. With `to_issue` only those whose car is worked on: approved parts that nobody has handed out yet,
    whether they lie in the bin or are short; without, open ones show what is to be pre-picked for bookings, too.
    """

    state: ReservationState = "open"
    to_issue: bool = False
