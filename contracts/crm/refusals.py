"""The codes with which crm refuses; their sentences stand in the catalogues as `refusal.crm.<code>`."""

REFUSALS = frozenset(
    {
        "vin_taken",
        "customer_on_file",
        "mileage_went_back",
        "mileage_far_ahead",
        "follow_up_completed",
        "follow_up_cancelled",
        "customer_not_reached",
        "customer_not_tried",
        "customer_was_reached",
        "call_closed",
        "being_called",
        "not_answering_customers",
        "enquiry_answered",
        "assigned_already",
        "no_consent",
        "invited_today",
    }
)
