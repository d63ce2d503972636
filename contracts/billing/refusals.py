"""The codes with which billing refuses; their sentences stand in the catalogues as `refusal.billing.<code>`."""

REFUSALS = frozenset(
    {
        "currency_differs",
        "shares_do_not_add_up",
        "order_not_billed",
        "order_already_billed",
        "no_such_share",
        "overpayment",
        "credit_too_small",
        "credit_stays_with_its_order",
        "credit_of_another_customer",
        "reference_used",
        "refund_too_large",
        "refund_method_differs",
        "share_authorised",
        "no_deposit",
        "share_open",
        "gate_pass_issued",
        "gate_pass_used",
        "gate_pass_revoked",
        "tax_number_attached",
        "tax_number_used",
        "tax_rate_in_the_past",
        "task_completed",
        "appointment_not_open",
        "order_void",
        "no_credit_limit",
        "credit_limit_exceeded",
        "on_account_is_the_customers",
        "reference_total_differs",
    }
)
