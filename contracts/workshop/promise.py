"""The promised time: how it was worked out, what became of it, and whether it can still be kept (Rules W6, W10)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Hours, Id, Part, Quantity, Query, whole
from contracts.shared import Login, Name, PartNumber, Reason
from contracts.workshop.attendance import Planned

PartsKnown = Literal["none_needed", "not_set_aside", "here", "awaited"]
"""不需备件, 尚未备料, 备件已齐, 待到货: what is known of an order's parts."""

NoTimeBecause = Literal["no_technician", "absent"]
"""无技师, 无人在岗: why nobody can say when a car is ready."""

PromiseMoved = Literal["estimate", "additional_work", "revised"]
"""估价, 增项, 改约: what the promised time came with."""


class AwaitedPart(Part):
    """A part that the order still lacks, and the day on which it is expected; null while nobody knows."""

    part_number: PartNumber
    quantity: Quantity
    expected_on: date | None = None


class FoundPromise(Part):
    """When the car can be ready, and what that follows from (Rule W6).

    `hours` of it are still to do, approved or put before the customer; `orders_before` come first, with `hours_before` in all.
    `technician` is done with it last, in shifts of their own or of their team; without any they are taken to be there while the
    shop is open. `parts_at` is when the last awaited part is there, unless nobody knows. The final inspection and what follows
    take `finishing_minutes` more; what is promised by itself, `proposed_at`, has `reserve_minutes` to spare. Without `ready_at`,
    `no_time_because` says why.
    """

    found_at: datetime
    ready_at: datetime | None = None
    proposed_at: datetime | None = None
    hours: Hours
    hours_before: Hours
    orders_before: Annotated[int, whole(0)]
    technician: Login | None = None
    technician_name: Name | None = None
    shifts: Planned | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    finishing_minutes: Annotated[int, whole(0)]
    reserve_minutes: Annotated[int, whole(0)]
    parts: PartsKnown
    awaited: list[AwaitedPart]
    parts_at: datetime | None = None
    no_time_because: NoTimeBecause | None = None


class PromiseRevision(Part):
    """One promised time of an order, and the one before it; an earlier one than was worked out has its reason."""

    moved_by: PromiseMoved
    promised_at: datetime
    previous_at: datetime | None = None
    estimate_version: Annotated[int | None, whole(1)] = None
    promise_reason: Reason | None = None
    recorded_by: Login
    recorded_at: datetime


class FoundRisk(Part):
    """That it was told that a promise is at risk: which, when, and when the car was expected to be ready instead."""

    promised_at: datetime
    expected_at: datetime | None = None
    told_at: datetime


class Promise(Answer):
    """What an order's customer was promised: the first time, the one that holds now, how it would be worked out now.

    `at_risk_at`: since when the work no longer fits the promised time, and `expected_at` when it would be ready instead.
    """

    work_order_id: Id
    promised_at: datetime | None = None
    first_promised_at: datetime | None = None
    at_risk_at: datetime | None = None
    expected_at: datetime | None = None
    found: FoundPromise
    revisions: list[PromiseRevision]
    risks: list[FoundRisk]


class GetPromise(Query, service="workshop", answer=Promise):
    """Show the promise of an order.

    What was promised, and how it would be worked out as everything is now.
    """

    work_order_id: Id
