"""What is asked of several services at once: the timeline of a visit, and the reconciliation of deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal

from chassis.wire import Answer, DealerId, Id, Part, Query, text
from contracts.shared import Limit, Page, Payer

Effect = Literal["invoice", "credit_note", "deduction", "follow_up"]
"""发票, 红字发票, 交车扣减, 回访."""

Fault = Literal["missing", "double", "unexpected", "unequal", "not_taken_back"]
"""`missing` and `not_taken_back` heal when the event is published again; the others need a person."""

DELIVERY = (
    "work order {work_order_id} revision {revision} {finding}",
    "任务委托书 {work_order_id} 第 {revision} 次交车：{finding}",
)
"""Whose finding it is: (en, zh)."""

FINDINGS: dict[tuple[Effect, Fault], tuple[str, str]] = {
    ("invoice", "missing"): ("has 0 times: invoice of {payer}", "缺少付款方 {payer} 的发票"),
    ("invoice", "double"): ("has {times} times: invoice of {payer}", "付款方 {payer} 的发票有 {times} 张"),
    ("invoice", "unexpected"): ("has an invoice of {payer}, who pays nothing", "付款方 {payer} 无需付款，却有发票"),
    ("deduction", "missing"): ("has 0 times: deduction", "缺少交车扣减"),
    ("deduction", "double"): ("has {times} times: deduction", "交车扣减有 {times} 笔"),
    ("follow_up", "missing"): ("has 0 times: follow-up", "缺少回访任务"),
    ("follow_up", "double"): ("has {times} times: follow-up", "回访任务有 {times} 个"),
    ("credit_note", "missing"): (
        "is reversed, but invoice {invoice_id} has 0 credit notes",
        "交车已撤销，但发票 {invoice_id} 没有红字发票",
    ),
    ("credit_note", "double"): (
        "is reversed, but invoice {invoice_id} has {times} credit notes",
        "交车已撤销，但发票 {invoice_id} 有 {times} 张红字发票",
    ),
    ("credit_note", "unequal"): (
        "is reversed, but invoices and credit notes do not add up to nothing",
        "交车已撤销，但发票与红字发票合计不为零",
    ),
    ("deduction", "not_taken_back"): ("is reversed, but its parts are still off stock", "交车已撤销，但备件尚未退回"),
    ("follow_up", "not_taken_back"): ("is reversed, but its follow-up is not cancelled", "交车已撤销，但回访任务未取消"),
}
"""What is wrong with which effect: (en, zh), what is said of the delivery."""


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
    """Something wrong with one effect of one delivery; `what` says it in a sentence.

    `payer` is whose invoice or credit note it is, for these effects.
    """

    dealer: DealerId
    work_order_id: Id
    revision: int
    effect: Effect
    fault: Fault
    payer: Payer | None = None
    what: str
    what_zh: str


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
