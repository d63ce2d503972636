"""What the technical director hears of the coming day: its comebacks and diagnoses (Rule B6). Appointments know nothing of it."""
