"""I13: what is waited for has its timer, so that nobody waits for ever."""

from collections.abc import Iterable, Iterator

from servicelane.invariants.books import Books, Finding, Row
from servicelane.texts import text

CLOCKS = (
    (
        "booking",
        "miss_appointment",
        "SELECT id FROM appointment WHERE dealer_id = :dealer AND status IN ('confirmed', 'wait_listed')",
    ),
    (
        "workshop",
        "escalate_overdue_car",
        "SELECT id FROM lane_car WHERE dealer_id = :dealer AND left_at IS NULL AND aside IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM lane_alert WHERE dealer_id = :dealer AND lane_alert.lane_car_id = lane_car.id AND trigger = 'overdue')",
    ),
    (
        "workshop",
        "watch_equipment",
        "SELECT id FROM equipment WHERE dealer_id = :dealer AND due_on IS NOT NULL AND retired_because IS NULL "
        "AND (last_result IS NULL OR last_result <> 'failed') AND NOT EXISTS ("
        "SELECT 1 FROM equipment_notice AS told WHERE told.dealer_id = :dealer AND told.equipment_id = equipment.id "
        "AND told.due_on = equipment.due_on AND told.notice = 'overdue')",
    ),
    (
        "workshop",
        "watch_promise",
        "SELECT promise.id FROM promise JOIN work_order ON work_order.dealer_id = :dealer AND work_order.id = promise.id "
        "WHERE promise.dealer_id = :dealer AND promise.at_risk_at IS NULL AND promise.promised_at IS NOT NULL "
        "AND work_order.status IN ('open', 'dispatched', 'in_progress', 'on_hold', 'quality_check')",
    ),
    (
        "workshop",
        "offer_loaner",
        "SELECT id FROM work_order WHERE dealer_id = :dealer "
        "AND status IN ('open', 'dispatched', 'in_progress', 'on_hold', 'quality_check') AND EXISTS ("
        "SELECT 1 FROM order_line AS line WHERE line.dealer_id = :dealer AND line.work_order_id = work_order.id "
        "AND line.state = 'approved' AND CAST(line.shares AS TEXT) LIKE '%three_guarantees%') "
        "AND NOT EXISTS (SELECT 1 FROM loaner_offer WHERE loaner_offer.dealer_id = :dealer AND loaner_offer.id = work_order.id)",
    ),
    (
        "workshop",
        "escalate_report",
        "SELECT id FROM progress_report WHERE dealer_id = :dealer AND ended_at IS NULL AND escalated_at IS NULL",
    ),
    (
        "workshop",
        "escalate_leg",
        "SELECT id FROM leg WHERE dealer_id = :dealer AND escalated_at IS NULL "
        "AND (state = 'under_way' OR (state = 'planned' AND question IS NULL))",
    ),
    (
        "workshop",
        "tell_of_expiry",
        "SELECT id FROM certificate WHERE dealer_id = :dealer AND withdrawn_at IS NULL AND renewed_by_id IS NULL "
        "AND told_at IS NULL",
    ),
    (
        "workshop",
        "ask_about_observation",
        "SELECT id FROM observation WHERE dealer_id = :dealer AND ended_at IS NULL AND asked_at IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM done_repair WHERE observation_id = observation.id AND came_back_at IS NOT NULL)",
    ),
    ("workshop", "send_health_record", "SELECT id FROM health_record WHERE dealer_id = :dealer AND state = 'due'"),
    ("workshop", "end_forgotten_clocking", "SELECT id FROM clocking WHERE dealer_id = :dealer AND off_at IS NULL"),
    (
        "parts",
        "watch_stock",
        "SELECT id FROM purchasing_settings WHERE dealer_id = :dealer "
        "AND EXISTS (SELECT 1 FROM low_part WHERE low_part.dealer_id = :dealer)",
    ),
    (
        "booking",
        "lapse_offer",
        "SELECT id FROM appointment WHERE dealer_id = :dealer AND status = 'wait_listed' AND held_until IS NOT NULL",
    ),
    ("parts", "book_differences", "SELECT id FROM stocktake WHERE dealer_id = :dealer AND state = 'booking'"),
    (
        "crm",
        "escalate_call",
        "SELECT id FROM call WHERE dealer_id = :dealer AND kind = 'call_back' AND state = 'open' AND escalated_at IS NULL",
    ),
    (
        "crm",
        "escalate_enquiry",
        "SELECT id FROM enquiry WHERE dealer_id = :dealer AND state = 'open' AND escalated_at IS NULL",
    ),
    (
        "booking",
        "answer_request",
        "SELECT id FROM appointment WHERE dealer_id = :dealer AND (status = 'requested' "
        "OR (status = 'wait_listed' AND answer_by IS NOT NULL AND answered_at IS NULL)) AND NOT EXISTS ("
        "SELECT 1 FROM booking_task WHERE dealer_id = :dealer AND appointment_id = appointment.id "
        "AND kind = 'request_unanswered')",
    ),
    (
        "booking",
        "watch_arrival",
        "SELECT id FROM appointment WHERE dealer_id = :dealer AND status = 'arrived' AND NOT EXISTS ("
        "SELECT 1 FROM booking_task WHERE dealer_id = :dealer AND appointment_id = appointment.id "
        "AND state = 'open' AND kind = 'order_not_opened')",
    ),
    (
        "booking",
        "brief_director",
        "SELECT id FROM appointment WHERE dealer_id = :dealer AND status IN ('requested', 'confirmed') "
        "AND replace(replace(CAST(tags AS TEXT), 'comeback', ''), 'diagnosis', '') <> CAST(tags AS TEXT) "
        "AND NOT EXISTS (SELECT 1 FROM briefed_car WHERE dealer_id = :dealer AND appointment_id = appointment.id)",
    ),
)
"""Service, timer, and whose timer it is."""


REMINDED = (
    "SELECT appointment.id, reminded, reminder_minutes FROM appointment JOIN calendar ON calendar.dealer_id = :dealer "
    "WHERE appointment.dealer_id = :dealer AND appointment.status = 'confirmed'"
)


def clocks(books: Books, dealer: str) -> Iterator[Finding]:
    """I13: every row that something is to become of at a time has the timer for it."""
    for service, name, query in CLOCKS:
        yield from _without(books, dealer, service, name, books.rows(service, query))
    yield from _without(books, dealer, "booking", "remind_customer", _to_remind(books))


def _to_remind(books: Books) -> Iterator[Row]:
    """Whose customer is still to be reminded: the calendar has a time nearer than all that were told or skipped."""
    for row in books.rows("booking", REMINDED, json_columns=("reminded", "reminder_minutes")):
        if any(minutes < min(row["reminded"], default=minutes + 1) for minutes in row["reminder_minutes"]):
            yield row


def _without(books: Books, dealer: str, service: str, name: str, rows: Iterable[Row]) -> Iterator[Finding]:
    kept = "SELECT subject FROM timer WHERE dealer_id = :dealer AND name = :name"
    timers = {row["subject"] for row in books.rows(service, kept, name=name)}
    for row in rows:
        if row["id"] not in timers:
            yield Finding("I13", dealer, text("cli.finding.no_timer", service=service, timer=name, subject=row["id"]))
