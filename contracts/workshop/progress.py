"""What the customer is told of the work on their car: reports that are due, and those that were made (Rules W18, W19)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Part, Query, text
from contracts.shared import Login, Name, Phone, Plate, Reason

ToldHow = Literal["in_person", "phone", "wechat", "sms"]
"""当面, 电话, 微信, 短信."""

ReportKind = Literal["started", "estimate_changed", "delayed", "ready", "waiting", "asked"]
"""开工, 估价变更, 延误, 竣工, 等候客户, 客户询问: what a report is about."""


class ProgressReport(Part):
    """That the customer is to be told something (进度通报), since when and by when; and who told them how and when.

    `ended_at` without `told_at`: nobody need tell it any more, because the customer decided, or the car is ready.
    """

    report_kind: ReportKind
    occurred_at: datetime
    due_at: datetime
    told_at: datetime | None = None
    told_how: ToldHow | None = None
    told_by: Login | None = None
    note: Reason | None = None
    escalated_at: datetime | None = None
    ended_at: datetime | None = None


class DueOrder(Part):
    """An order whose customer is to be told something, by when at the latest, and about what."""

    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    phone: Phone
    advisor: Login
    promised_at: datetime | None = None
    at_risk: bool
    expected_at: datetime | None = None
    due_at: datetime
    missed: bool
    report_kinds: list[ReportKind]


class DueReports(Answer):
    """Whose customers are to be told something, who is due first first; of at most 200 reports."""

    items: list[DueOrder]


class ListDueReports(Query, service="workshop", answer=DueReports):
    """Progress reports that are due.

    Whom an advisor has to tell what, and by when (Rule W19); everybody's, if no advisor is named.
    """

    advisor: Login | None = None
