"""What can go wrong with what people were promised: clocks, signatures, loaners, parts on order, warranties, keys."""

from tests.journeys.breaks import Break

BROKEN_PROMISES = (
    Break(
        "I15",
        "missed 1 times, to be called for it 0 times",
        "booking.outbox",
        "UPDATE outbox SET type = 'booking.appointment.missed' WHERE type = 'booking.appointment.arrived'",
    ),
    *(
        Break("I13", f"booking has no timer {timer}", "booking.appointment", f"UPDATE appointment SET status = '{status}'")
        for timer, status in (("miss_appointment", "confirmed"), ("watch_arrival", "arrived"), ("answer_request", "requested"))
    ),
    *(
        Break("I13", f"crm has no timer {timer}", "crm.timer", f"DELETE FROM timer WHERE name = '{timer}'")
        for timer in ("escalate_call", "escalate_enquiry")
    ),
    Break("I13", "parts has no timer book_differences", "parts.stocktake", "UPDATE stocktake SET state = 'booking'"),
    Break(
        "I13",
        "booking has no timer brief_director",
        "booking.appointment",
        "UPDATE appointment SET status = 'confirmed', tags = '[\"diagnosis\"]'",
    ),
    Break(
        "I13",
        "booking has no timer remind_customer",
        "booking.appointment",
        "UPDATE appointment SET status = 'confirmed', reminded = '[1440]'",
    ),
    Break(
        "I13",
        "workshop has no timer offer_loaner",
        "workshop.work_order",
        "UPDATE work_order SET status = 'in_progress'; "
        "CREATE TABLE lines AS SELECT * FROM order_line; DROP TABLE order_line; ALTER TABLE lines RENAME TO order_line; "
        "UPDATE order_line SET shares = replace(shares, 'warranty', 'three_guarantees')",
    ),
    Break(
        "I13",
        "workshop has no timer escalate_leg",
        "workshop.leg",
        "INSERT INTO leg (dealer_id, id, state) SELECT dealer_id, id, 'under_way' FROM work_order",
    ),
    Break(
        "I13",
        "workshop has no timer send_health_record",
        "workshop.health_record",
        "INSERT INTO health_record (dealer_id, id, state) SELECT dealer_id, id, 'due' FROM work_order",
    ),
    Break(
        "I13",
        "workshop has no timer watch_promise",
        "workshop.work_order",
        "UPDATE work_order SET status = 'in_progress'",
    ),
    Break("I22", "was promised .* another time", "workshop.work_order", "UPDATE work_order SET promised_at = opened_at"),
    Break("I22", "was promised .* another time", "workshop.promise", "UPDATE promise SET first_at = updated_at"),
    Break("I22", "lacks one of", "workshop.promise_revision", "DELETE FROM promise_revision"),
    Break("I22", "by halves", "workshop.promise_revision", "UPDATE promise_revision SET moved_by = 'revised'"),
    Break("I22", "by halves", "workshop.progress_report", "UPDATE progress_report SET told_at = due_at, told_how = NULL"),
    Break(
        "I13", "workshop has no timer escalate_report", "workshop.progress_report", "UPDATE progress_report SET ended_at = NULL"
    ),
    Break("I22", "nobody was told", "workshop.promise", "UPDATE promise SET at_risk_at = updated_at"),
    Break("I13", "workshop has no timer escalate_overdue_car", "workshop.lane_car", "UPDATE lane_car SET left_at = NULL"),
    *(
        Break(
            "I14", f"{service}.{table} .* was changed after it was signed", f"{service}.{table}", f"UPDATE {table} SET {damage}"
        )
        for service, table, damage in (
            ("workshop", "delivery", "settlement = json_set(settlement, '$.mileage', 1)"),
            ("workshop", "authorisation", "document = json_set(document, '$.reason', 'another')"),
            ("workshop", "inspection", "document = json_set(document, '$.inspector', 'another')"),
            ("workshop", "walk_around", "document = json_set(document, '$.fuel_eighths', 1)"),
            ("parts", "slip", "document = json_set(document, '$.technician', 'another')"),
            ("billing", "gate_pass", "document = json_set(document, '$.plate', 'another')"),
        )
    ),
    Break(
        "I16",
        "5 bytes are recorded as stored, the attachments have 0",
        "workshop.stored_volume",
        "INSERT INTO stored_volume (dealer_id, \"of\", bytes) SELECT dealer_id, 'content', 5 FROM work_order LIMIT 1",
    ),
    Break(
        "I17",
        "lent twice for one time",
        "booking.loan",
        "INSERT INTO loan (dealer_id, id, loaner_id, state, begins_at, ends_at) "
        "SELECT dealer_id, id, 'the car', 'booked', '2026-03-09', '2026-03-10' FROM appointment",
    ),
    Break(
        "I18",
        "is short of 0 .*, and on special order are 5",
        "parts.special_order",
        "INSERT INTO special_order (dealer_id, id, state, appointment_id, asked_for, quantity_units) "
        "SELECT dealer_id, id, 'open', appointment_id, 'P-9', 5 FROM reservation WHERE appointment_id IS NOT NULL LIMIT 1",
    ),
    Break(
        "I18",
        "on special order for an appointment that is absent",
        "parts.special_order",
        "INSERT INTO special_order (dealer_id, id, state, appointment_id, asked_for, quantity_units) "
        "SELECT dealer_id, id, 'open', id, 'P-9', 5 FROM reservation LIMIT 1",
    ),
    Break(
        "I18",
        "is short of 0 of P-9; 5 are awaited",
        "parts.order_part",
        "INSERT INTO order_part (dealer_id, id, state, work_order_id, asked_for, quantity_units) "
        "SELECT dealer_id, id, 'awaited', id, 'P-9', 5 FROM reservation LIMIT 1",
    ),
    Break("I17", "appointment .* and loan .* do not say the same", "booking.appointment", "UPDATE appointment SET loan_id = id"),
    *(
        Break("I19", said, "workshop.done_repair", damage)
        for said, damage in (
            ("the group knows None", "DELETE FROM done_repair"),
            ("signed was .*, the group knows .*7777", "UPDATE done_repair SET warranted_mileage = 7777"),
            ("the group knows .*another", "UPDATE done_repair SET vin = 'another'"),
            ("the group knows .*, .*", "UPDATE done_repair SET warranted_until = '2031-01-01 00:00:00.000000'"),
            ("signed was None", "UPDATE done_repair SET operation_group = 'NEVER-DONE'"),
            (r"the group knows \[.*\), \(.*\]", "INSERT INTO done_repair SELECT * FROM done_repair"),
        )
    ),
    Break(
        "I19",
        "signed was None",
        "workshop.delivery",
        "UPDATE delivery SET reversed_at = '2026-03-02' WHERE reversed_at IS NULL",
    ),
    *(
        Break("I19", "observation .* is not what the group looks out for", where, damage)
        for where, damage in (
            ("workshop.observation", "INSERT INTO observation (dealer_id, id) SELECT dealer_id, id FROM work_order LIMIT 1"),
            ("workshop.done_repair", "UPDATE done_repair SET observation_id = id"),
        )
    ),
    *(
        Break("I20", said, "workshop.custody_hand_over", f"{damage} WHERE thing = 'keys' AND given_to IS NULL")
        for said, damage in (
            ("hand-over .* of keys is by somebody, and .*advisor has it", "UPDATE custody_hand_over SET given_by = 'somebody'"),
            ("hand-over 77 of keys", "UPDATE custody_hand_over SET number = 77"),
            ("is delivered, and .*advisor still has keys", "DELETE FROM custody_hand_over"),
        )
    ),
    Break(
        "I20",
        "service_book was signed for at the walk-around, and nobody received it",
        "workshop.walk_around",
        "UPDATE walk_around SET document = json_set(document, '$.service_book', json('true'))",
    ),
    *(
        Break("I21", said, f"workshop.{table}", damage)
        for said, table, damage in (
            ("declined was .*, to be proposed again is -", "declined_work", "DELETE FROM declined_work"),
            (
                "to be proposed again is another",
                "declined_work",
                "UPDATE declined_work SET work_key = 'another'",
            ),
            ("declined was -, to be proposed again is", "work_order", "UPDATE work_order SET status = 'ready'"),
        )
    ),
    Break(
        "I30",
        "line 1 .* is high-voltage work, and was worked on while no isolation stood",
        "workshop.order_line",
        'UPDATE order_line SET repair = \'{"group": null, "work_class": "minor", "high_voltage": true}\' WHERE kind = \'labour\'',
    ),
    Break(
        "I30",
        "is no longer in the shop, and an isolation of its car stands",
        "workshop.isolation",
        "INSERT INTO isolation (dealer_id, id, work_order_id, state, locked_at) "
        "SELECT dealer_id, id, id, 'locked', opened_at FROM work_order",
    ),
    *(
        Break("I34", said, f"workshop.{table}", damage)
        for said, table, damage in (
            ("signed was .*, the group knows None", "delivered_visit", "DELETE FROM delivered_visit"),
            ("the group knows .*another", "delivered_visit", "UPDATE delivered_visit SET vin = 'another'"),
            (r"the group knows .*\[\]", "delivered_visit", "UPDATE delivered_visit SET done = '[]'"),
            ("signed was None", "delivery", "UPDATE delivery SET reversed_at = '2026-03-02' WHERE reversed_at IS NULL"),
        )
    ),
    Break(
        "I33",
        "the dealer recorded None, the group knows",
        "workshop.battery_trend",
        "INSERT INTO battery_trend (id, vin, pack_serial, percent_units, mileage, measured_at, dealer) "
        "SELECT id, 'V', 'BP', 1, 1, opened_at, dealer_id FROM work_order LIMIT 1",
    ),
    Break(
        "I33",
        "the dealer recorded .*, the group knows None",
        "workshop.battery_check",
        "INSERT INTO battery_check (id, vin, pack_serial, percent_units, mileage, measured_at, dealer_id) "
        "SELECT id, 'V', 'BP', 1, 1, opened_at, dealer_id FROM work_order LIMIT 1",
    ),
)
