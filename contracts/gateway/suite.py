"""What is asked of several services at once: the timeline of a visit, and the reconciliation of deliveries."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from chassis.wire import Answer, DealerId, Id, Part, Query, text
from contracts.attention import Concern, ConcernKind
from contracts.billing.daily_report import RevenueDay
from contracts.shared import Limit, Page, Payer
from contracts.workshop.daily_report import ShopDay

Effect = Literal["invoice", "credit_note", "deduction", "follow_up"]
"""发票, 红字发票, 交车扣减, 回访."""

Fault = Literal["missing", "double", "unexpected", "unequal", "not_taken_back"]
"""`missing` and `not_taken_back` heal when the event is published again; the others need a person."""


class TimelineEvent(Part):
    """One event of a visit: what `service` announced, who did it, and the event that caused it, if one did.

    `facts` are the event's data.
    """

    event_id: Id
    service: str
    type: str
    subject: str
    sequence: int
    time: datetime
    actor: str | None = None
    causation_id: str | None = None
    facts: dict[str, Any]


class WorkOrderTimeline(Answer):
    """Everything that happened to a work order's visit, causes before effects (Rule G3).

    `missing` names the services that did not answer in time: their events are not in `events`.
    """

    work_order_id: Id
    visit_id: Id | None = None
    events: list[TimelineEvent]
    missing: list[str]


class ReconciliationFinding(Part):
    """Something wrong with one effect of one delivery; `what` says it in a sentence, in the caller's language.

    `payer` is whose invoice or credit note it is, for these effects.
    """

    dealer: DealerId
    work_order_id: Id
    number: str | None = None
    revision: int
    announced_at: datetime
    effect: Effect
    fault: Fault
    payer: Payer | None = None
    what: str


class ReconciliationCounts(Part):
    """How much was looked at; reversed deliveries are deliveries, too."""

    deliveries: int = 0
    reversed: int = 0
    invoices: int = 0
    credit_notes: int = 0
    deductions: int = 0
    follow_ups: int = 0


class Reconciliation(Answer, Page):
    """Whether the deliveries looked at have their effects, each once, and the reversed ones have them taken back.

    It is one page: all is proved when every page up to the last was `consistent`. `findings` are wrong. `under_way` lacks
    something, too, but was delivered or reversed so lately that it may still be on its way: look again in a minute.
    """

    consistent: bool
    dealers: list[DealerId]
    counts: ReconciliationCounts
    findings: list[ReconciliationFinding]
    under_way: list[ReconciliationFinding]


class AttentionEntry(Concern):
    """One thing that somebody must see to; `what` says it in a sentence, in the caller's language.

    `path` is what to open: the order, the appointment, the follow-up it is about. `service` is whose matter it is.
    """

    kind: ConcernKind
    service: str
    what: str
    path: str | None = None


class AttentionCount(Part):
    """How many there are of one kind, also beyond the entries; `path` lists all of them, where there is a list."""

    kind: ConcernKind
    service: str
    count: int
    path: str | None = None


class Attention(Answer):
    """What wants the service manager's attention: severe matters first, those that have lasted longest before the others.

    `entries` has the first 20 of each kind, `counts` how many there are. `missing` names what did not answer in time, a service
    or `reconciliation`: its matters are not told. Deliveries are held against their effects at most once a minute, the newest
    100.
    """

    as_of: datetime
    entries: list[AttentionEntry]
    counts: list[AttentionCount]
    missing: list[str]


class DailyReport(Answer):
    """A day of the dealer: what came, was handed over and stands in the shop, and what was invoiced.

    `missing` names the services that did not answer in time: their part is null.
    """

    shop: ShopDay | None = None
    revenue: RevenueDay | None = None
    missing: list[str]


class GetDailyReport(Query, service="gateway", answer=DailyReport):
    """The daily report.

    The day's arrivals, comebacks and deliveries, what is on hold and late as it stands, and the revenue by payer (Rule W22);
    today, by the dealer's clock, if no `day` is named.
    """

    day: date | None = None


class GetAttention(Query, service="gateway", answer=Attention):
    """What wants the service manager's attention.

    Late orders, long holds, escalations of the lane, cars nobody took on, discrepancies of stock, tasks that wait, late
    follow-ups, messages that could not be done, and deliveries whose effects are not right.
    """


class GetWorkOrderTimeline(Query, service="gateway", answer=WorkOrderTimeline):
    """The causal timeline of a work order across all services.

    Causes stand before their effects (Rule G3).
    """

    work_order_id: Id


class ReconcileDealer(Query, service="gateway", answer=Reconciliation):
    """What is missing or double after the dealer's deliveries.

    Deliveries that were made or reversed since a time; the newest first.
    """

    since: datetime | None = None
    cursor: Annotated[str | None, text(1000)] = None
    limit: Limit = 100


class ReconcileGroup(Query, service="gateway", answer=Reconciliation):
    """What is missing or double after the group's deliveries.

    Deliveries that were made or reversed since a time, dealer by dealer or at one.

    A call looks at `limit` deliveries at most and stops in time, whatever the group's size; `next_cursor` leads on.
    """

    dealer: DealerId | None = None
    since: datetime | None = None
    cursor: Annotated[str | None, text(1000)] = None
    limit: Limit = 100
