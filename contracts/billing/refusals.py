"""Why billing says no: code -> (en, zh)."""

REFUSALS: dict[str, tuple[str, str]] = {
    "currency_differs": ("The amounts are not all in the order's currency.", "金额币种与工单币种不一致。"),
    "shares_do_not_add_up": ("The payers' shares of a line are not its amount.", "行项目各付款方的分摊金额之和与行金额不符。"),
    "order_not_billed": ("No delivery of this order is billed, or it was reversed.", "该工单尚无有效交车的发票，或交车已撤销。"),
    "order_already_billed": ("The delivery is billed: record a payment, not a deposit.", "交车已开票，请登记收款而非定金。"),
    "no_such_share": ("This payer has no share of the delivery.", "该付款方在本次交车中没有应付份额。"),
    "overpayment": ("The payment is more than the payer's share still owes.", "收款金额超过该付款方的未付金额。"),
    "credit_too_small": ("The payer's credit for this order is smaller than that.", "该付款方在本工单的贷方余额不足。"),
    "reference_used": ("This provider reference was recorded for another payment.", "该支付流水号已用于另一笔收退款。"),
    "refund_too_large": ("The refund is more than what is left of the payment.", "退款金额超过该笔收款的可退余额。"),
    "refund_method_differs": (
        "What was put on account is taken back on account, and money as money.",
        "挂账只能冲减挂账，收款只能以资金方式退还。",
    ),
    "share_authorised": ("The payer's share is authorised under another reference.", "该付款方的份额已以其他凭据授权。"),
    "no_deposit": ("No deposit lies on the customer's share.", "客户份额上没有定金。"),
    "share_open": ("A payer's share is neither paid nor authorised.", "有付款方的份额既未付清也未获授权。"),
    "gate_pass_issued": ("The gate pass of this delivery was issued already.", "本次交车的出门证已开具。"),
    "gate_pass_used": ("The gate pass was used already.", "该出门证已使用。"),
    "gate_pass_revoked": ("The gate pass was revoked, because the delivery was reversed.", "交车已撤销，该出门证已作废。"),
    "tax_number_attached": ("The invoice has another tax number already.", "该发票已登记其他发票号。"),
    "tax_number_used": ("Another invoice has this tax number.", "该发票号已用于其他发票。"),
    "tax_rate_in_the_past": ("A tax rate can be set from today on.", "税率生效日期不得早于今天。"),
    "task_completed": ("The task is completed already.", "该待办已完成。"),
}
