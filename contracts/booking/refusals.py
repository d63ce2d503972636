"""The codes with which booking refuses; their sentences stand in the catalogues as `refusal.booking.<code>`."""

REFUSALS = frozenset(
    {
        "slot_full",
        "advisor_busy",
        "not_an_advisor",
        "car_has_appointment",
        "closed",
        "service_type_not_offered",
        "appointment_confirmed",
        "appointment_wait_listed",
        "appointment_not_open",
        "appointment_missed",
    }
)
