"""The codes with which booking refuses; their sentences stand in the catalogues as `refusal.booking.<code>`."""

REFUSALS = frozenset(
    {
        "slot_full",
        "advisor_busy",
        "not_an_advisor",
        "car_has_appointment",
        "owner_unchanged",
        "closed",
        "service_type_not_offered",
        "appointment_confirmed",
        "appointment_not_open",
        "appointment_missed",
        "rescue_over",
        "rescue_of_another_car",
        "no_loaner_free",
        "loaner_taken",
        "loaner_out",
        "loaner_withdrawn",
        "loaner_needed",
        "loaner_in_service",
        "loaner_plate_exists",
        "loan_not_open",
        "loan_is_out",
        "loan_of_appointment",
        "loan_is_over",
        "sheet_not_due",
        "sheet_missing",
        "loaner_mileage_went_back",
        "loaner_mileage_far_ahead",
    }
)
