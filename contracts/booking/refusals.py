"""Why booking says no: code -> (en, zh)."""

REFUSALS: dict[str, tuple[str, str]] = {
    "slot_full": ("All places of this slot are taken.", "该时段已约满。"),
    "advisor_busy": ("The requested advisor is taken at that time.", "所选服务顾问该时段已有预约。"),
    "closed": ("The dealer takes no cars in at that time.", "该时间不在营业接待时间内。"),
    "service_type_not_offered": ("The dealer takes no cars in for this type of service.", "本店不接待该类服务的预约。"),
    "appointment_confirmed": ("The appointment is confirmed already.", "该预约已确认。"),
    "appointment_wait_listed": ("The appointment is on the wait list and has no place yet.", "该预约仍在候补中。"),
    "appointment_not_open": ("The appointment is over or called off.", "该预约已结束或已取消。"),
    "appointment_fulfilled": ("A work order was opened for the appointment already.", "该预约已开立任务委托书。"),
}
