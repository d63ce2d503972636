"""What wants the service manager's attention, as each service tells the gateway of its own matters."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Id, Part

ConcernKind = Literal[
    "late_order",
    "promise_at_risk",
    "missed_report",
    "delivery_overtaken",
    "long_hold",
    "unseen_answer",
    "new_damage",
    "lane_alert",
    "loaner_offer",
    "loaner_due",
    "loaner_not_needed",
    "equipment_overdue",
    "late_leg",
    "leg_question",
    "certificate_expiring",
    "forgotten_clock_off",
    "observation_due",
    "file_incomplete",
    "record_unsent",
    "record_refused",
    "order_not_opened",
    "request_unanswered",
    "parts_late",
    "stock_discrepancy",
    "parts_task",
    "billing_task",
    "late_follow_up",
    "late_call_back",
    "late_enquiry",
    "dead_message",
    "held_message",
    "broken_delivery",
]
"""超时未交, 交车时间有风险, 漏报进度, 交车预约早于承诺, 长时间中断, 客户答复未阅, 新增损伤, 预检区报警, 待提供代步车,
代步车待收回, 代步车已不再需要, 设备到期, 取送车超时, 取送车待定, 资质证书到期, 漏打下班卡, 观察到期, 档案不全,
电子健康档案未上传, 电子健康档案被退回, 到店未开单, 请求未答复, 订件晚到, 账实不符, 配件待办, 结算待办,
回访逾期, 回电逾期, 咨询逾期, 死信, 滞留消息, 对账异常."""

Severity = Literal["severe", "warning"]

MOST = 20
"""So many of each kind are told one by one, those that have lasted longest first; the others are counted."""


class Concern(Part):
    """One thing that somebody must see to, since when, and what it is about; `detail` is a word of the service's contract."""

    severity: Severity
    since: datetime
    work_order_id: Id | None = None
    order_number: str | None = None
    appointment_id: Id | None = None
    follow_up_id: Id | None = None
    call_id: Id | None = None
    enquiry_id: Id | None = None
    plate: str | None = None
    customer_name: str | None = None
    part_number: str | None = None
    equipment: str | None = None
    staff: str | None = None
    detail: str | None = None


class ConcernGroup(Part):
    """All of one kind: how many there are, and the first of them."""

    kind: ConcernKind
    count: int
    items: list[Concern]


class Concerns(Answer):
    """What one service has to tell."""

    groups: list[ConcernGroup]
