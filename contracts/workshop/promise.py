"""The promised time: how it was worked out, what became of it, whether it can be kept, who told the customer (W6, W10, W18)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Hours, Id, Part, Quantity, Query, text, whole
from contracts.booking.conversion import Formula
from contracts.shared import Listing, Login, Name, Page, PartNumber, Plate, Reason
from contracts.workshop.attendance import Planned
from contracts.workshop.progress import ProgressReport, ToldHow

PartsKnown = Literal["none_needed", "not_set_aside", "here", "awaited"]
"""不需配件, 尚未备料, 配件已齐, 待到货: what is known of an order's parts."""

NoTimeBecause = Literal["no_technician", "absent", "part_unknown"]
"""无技师, 无人在岗, 配件到货日未知: why nobody can say when a car is ready."""

PromiseMoved = Literal["estimate", "additional_work", "withdrawn", "revised"]
"""估价, 增项, 撤销项目, 改约: what the promised time came with."""

PromiseAnswer = Literal["agreed", "disagreed", "not_answered"]
"""同意, 不同意, 未答复: what the customer said of another time."""

MissCause = Literal["parts", "capacity", "additional_work", "diagnosis", "sublet", "customer", "other"]
"""配件, 产能, 增项, 诊断, 外协, 客户, 其他: what a promise was missed for."""


ArrivalKnownBy = Literal["special_order", "on_its_way", "lead_time"]
"""客户订件, 在途, 供货期: what the day on which a part is expected rests on."""


class AwaitedPart(Part):
    """A part that the order still lacks, and the day on which it is expected; null while nobody knows.

    The day is that of its special order, or of what is on its way and nobody else waits for; else it is the supplier's lead
    time from today on, as if it were ordered now.
    """

    part_number: PartNumber
    quantity: Quantity
    expected_on: date | None = None
    arrival_known_by: ArrivalKnownBy | None = None


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
    """One promised time of an order, and the one before it; an earlier one than was worked out has its reason.

    One that was revised was told: how, when, and what the customer said; `told_late` if the time before had passed by then.
    """

    moved_by: PromiseMoved
    promised_at: datetime
    previous_at: datetime | None = None
    estimate_version: Annotated[int | None, whole(1)] = None
    promise_reason: Reason | None = None
    told_how: ToldHow | None = None
    told_at: datetime | None = None
    told_late: bool | None = None
    promise_answer: PromiseAnswer | None = None
    note: Reason | None = None
    recorded_by: Login
    recorded_at: datetime


class FoundRisk(Part):
    """That it was told that a promise is at risk: which, when, and when the car was expected to be ready instead."""

    promised_at: datetime
    expected_at: datetime | None = None
    told_at: datetime


class Promise(Answer):
    """What an order's customer was promised: the first time, the one that holds now, how it would be worked out now.

    `at_risk_at`: since when the work no longer fits the promised time, and `expected_at` when it would be ready instead. Whether
    it was kept is held against `baseline_at`: the first time, moved by nothing but additional work that the customer approved.
    `waits`: the customer waits for the car. `reports` are the newest 100.
    """

    work_order_id: Id
    promised_at: datetime | None = None
    first_promised_at: datetime | None = None
    at_risk_at: datetime | None = None
    expected_at: datetime | None = None
    baseline_at: datetime | None = None
    ready_at: datetime | None = None
    missed: bool
    miss_cause: MissCause | None = None
    miss_note: Reason | None = None
    miss_explained_by: Login | None = None
    waits: bool
    found: FoundPromise
    revisions: list[PromiseRevision]
    risks: list[FoundRisk]
    reports: list[ProgressReport]


class GetPromise(Query, service="workshop", answer=Promise):
    """Show the promise of an order.

    What was promised, and how it would be worked out as everything is now.
    """

    work_order_id: Id


class RevisePromise(Command, service="workshop", answer=Promise):
    """Record that the customer was told another time.

    How and when they were told, and what they said (Rule W18). What is told after the promised time has passed is kept as late.
    Where an estimate promised nothing, because nobody could say when the car is ready, it is the first promise.
    A time that is earlier than people's shifts allow needs `promise_reason`.
    """

    work_order_id: Id
    promised_at: datetime
    told_how: ToldHow
    told_at: datetime | None = None
    promise_answer: PromiseAnswer
    note: Reason | None = None
    promise_reason: Reason | None = None


class ExplainMiss(Command, service="workshop", answer=Promise):
    """Record why a promise was not kept.

    By a cause of the list; another one in words (Rule W18). It is asked for at the latest at the delivery.
    """

    work_order_id: Id
    miss_cause: MissCause
    note: Reason | None = None


class NoteWaiting(Command, service="workshop", answer=Promise):
    """Note whether the customer waits for the car.

    Who waits is told how it goes every half hour (default), until the car is ready (Rule W19); afterwards nobody waits.
    """

    work_order_id: Id
    waits: bool


class ReportProgress(Command, service="workshop", answer=Promise):
    """Record that the customer was told how it goes.

    How and when; everything that is due of the order is told with it (Rule W19).
    """

    work_order_id: Id
    told_how: ToldHow
    told_at: datetime | None = None
    note: Reason | None = None


class MissCount(Part):
    """How many promises were missed for a cause; null for those of which nobody has said it yet."""

    miss_cause: MissCause | None = None
    count: Annotated[int, whole(0)]


class PromiseFigures(Answer):
    """How many cars of a period were ready in time, and why the others were not; the rate in basis points (10,000 are all).

    Of the `late` ones, their customers were told in time, told late, or not told at all.
    """

    from_day: date
    to_day: date
    promised: Annotated[int, whole(0)]
    on_time: Annotated[int, whole(0)]
    late: Annotated[int, whole(0)]
    on_time_rate: int | None = None
    told_in_time: Annotated[int, whole(0)]
    told_too_late: Annotated[int, whole(0)]
    never_told: Annotated[int, whole(0)]
    causes: list[MissCount]
    formulas: list[Formula]


class MeasurePromises(Query, service="workshop", answer=PromiseFigures):
    """How many promises were kept.

    Of cars that became ready on these local days, both included; this month until today if none is given, at most 366 days. A car
    is on time if it was ready by the first promised time, moved by nothing but additional work that its customer approved.
    """

    from_day: date | None = None
    to_day: date | None = None


MissTold = Literal["in_time", "too_late", "never"]
"""按时告知, 告知过晚, 未告知: whether the customer of a late car was told another time before the promised one had passed."""


class MissedPromise(Part):
    """A car that was ready later than was promised: by how much, what for, and whether its customer was told."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    advisor: Login
    baseline_at: datetime
    ready_at: datetime
    late_minutes: Annotated[int, whole(0)]
    miss_told: MissTold
    miss_cause: MissCause | None = None
    miss_note: Reason | None = None
    miss_explained_by: Login | None = None


class MissedPromises(Answer, Page):
    """A page of missed promises, the newest first."""

    items: list[MissedPromise]


class ListMisses(Query, Listing, service="workshop", answer=MissedPromises):
    """Missed promises.

    Of cars that became ready on these local days, as their figures count them; those missed for one cause, or with `explained`
    false those of which nobody has said what they were missed for.
    """

    from_day: date | None = None
    to_day: date | None = None
    miss_cause: MissCause | None = None
    explained: bool | None = None
