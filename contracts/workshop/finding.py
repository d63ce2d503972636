"""Finding work orders: lists, and what numbers stand for."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Part, Query, text, whole
from contracts.shared import Bay, Login, Name, OwnNumber, PartRequest, Plate, VisitListing
from contracts.workshop.isolation import HighVoltage
from contracts.workshop.order import HoldReason, WorkOrderStatus

WorkOrderSort = Literal[
    "opened_at", "-opened_at", "number", "-number", "updated_at", "-updated_at", "promised_at", "-promised_at"
]


class WorkOrderSummary(Part):
    """A work order as lists show it: whose car, how it stands, and what it waits for."""

    id: Id
    version: Annotated[int, whole(1)]
    updated_at: datetime
    number: Annotated[str, text(20)]
    status: WorkOrderStatus
    vehicle_id: Id
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    customer_id: Id
    customer_name: Name
    advisor: Login
    advisor_name: Name | None = None
    technician: Login | None = None
    technician_name: Name | None = None
    bay: Bay | None = None
    opened_at: datetime
    promised_at: datetime | None = None
    delivery_at: datetime | None = None
    delivery_overtaken: bool = False
    late_minutes: Annotated[int, whole(0)]
    at_risk: bool = False
    expected_at: datetime | None = None
    hold_reason: HoldReason | None = None
    answered_at: datetime | None = None
    high_voltage: HighVoltage | None = None
    undecided: Annotated[int, whole(0)]
    unfinished: Annotated[int, whole(0)]
    parts_here: bool | None = None
    short: list[PartRequest]


class WorkOrders(Answer):
    """One page of work orders, newest first."""

    items: list[WorkOrderSummary]
    next_cursor: str | None = None


class ListWorkOrders(Query, VisitListing, service="workshop", answer=WorkOrders):
    """List work orders.

    Those that meet all conditions. `status` may be given several times; `open` is everything that is neither closed nor void, or
    with false the rest. `answered`: of which the customer decided by a one-time link and nobody has seen it yet, or with false
    the rest; `at_risk`: whose work no longer fits the promised time; `delivery_overtaken`: whose delivery is agreed for a time
    before the promised one. `technician` is to whom an order was given - of those `in_shop` also a line of it that is to be
    done, or to whose team -, `worked_on_by` who is clocked on to it now. `number` is a whole number, its beginning or the digits
    it ends with; `plate`, `name` and `phone` are found by any piece, however it is typed; `from_day` and `to_day` are local days
    of opening, both included. `in_shop` is what its customer has not taken back yet; sorted by `promised_at` it is that alone,
    and what has no promised time counts as promised last. `updated_since` is for programs that keep a copy: ask with it, sorted
    by `updated_at`, and begin a little before the last time you saw.
    """

    status: list[WorkOrderStatus] = field(default_factory=list)
    open: bool | None = None
    answered: bool | None = None
    at_risk: bool | None = None
    delivery_overtaken: bool | None = None
    number: OwnNumber | None = None
    technician: Login | None = None
    worked_on_by: Login | None = None
    in_shop: bool | None = None
    promised: bool | None = None
    promised_from: datetime | None = None
    promised_before: datetime | None = None
    sort: WorkOrderSort = "-opened_at"


class LineNumber(Part):
    """A line's number on the order, and its id."""

    number: int
    line_id: Id


class Numbers(Answer):
    """An order's id, and those of its lines by their numbers."""

    work_order_id: Id
    lines: list[LineNumber]


class FindNumbers(Query, service="workshop", answer=Numbers):
    """The ids of an order and its lines, by its number or id; the gateway puts them where a request gave numbers."""

    order: Annotated[str, text(36)]
