"""What can be wrong with the effects of a delivery, and how it is said: by the gateway and by `servicelane reconcile` alike."""

from typing import Literal

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
