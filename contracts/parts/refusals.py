"""The codes with which parts refuses; their sentences stand in the catalogues as `refusal.parts.<code>`."""

REFUSALS = frozenset(
    {
        "part_number_taken",
        "barcode_taken",
        "part_unknown",
        "successor_unknown",
        "supersession_cycle",
        "wrong_currency",
        "receipt_booked_already",
        "return_booked_already",
        "receipt_undone_already",
        "receipt_parts_gone",
        "beyond_received",
        "stock_value_too_high",
        "same_location",
        "bin_not_involved",
        "not_enough_stock",
        "reserved_for_others",
        "no_parts_wanted",
        "beyond_approved",
        "beyond_issued",
        "not_a_technician",
        "order_delivered",
        "order_void",
        "task_not_open",
        "special_order_closed",
        "supplier_code_taken",
        "supplier_number_taken",
        "supplier_not_approved",
    }
)
