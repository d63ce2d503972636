"""I18: what a booked car or an order lacks is on special order, and nothing else is."""

from collections.abc import Iterator

from servicelane.invariants.books import Books, Finding
from servicelane.texts import text

COMES = ("requested", "confirmed", "arrived", "fulfilled")


def special_orders(books: Books, dealer: str) -> Iterator[Finding]:
    """I18: what an appointment is short of has its open special order, of as much, also when it became an order and is short of
    it again; each open one has its appointment."""
    lacking = books.rows(
        "parts",
        "SELECT reservation.appointment_id, work_order_id, asked_for, SUM(wanted_units - reserved_units - issued_units) AS units "
        "FROM reservation JOIN reservation_line ON reservation_line.dealer_id = reservation.dealer_id "
        "AND reservation_line.reservation_id = reservation.id "
        "WHERE reservation.dealer_id = :dealer AND state = 'open' AND reservation.appointment_id IS NOT NULL "
        "AND wanted_units > reserved_units + issued_units GROUP BY reservation.appointment_id, work_order_id, asked_for",
    )
    short = {(row["appointment_id"], row["asked_for"]): int(row["units"]) for row in lacking}
    booked = {(row["appointment_id"], row["asked_for"]) for row in lacking if row["work_order_id"] is None}
    query = "SELECT appointment_id, asked_for, state, quantity_units FROM special_order WHERE dealer_id = :dealer"
    raised = books.rows("parts", query)
    known = {(row["appointment_id"], row["asked_for"]) for row in raised}
    ordered = {(row["appointment_id"], row["asked_for"]): row["quantity_units"] for row in raised if row["state"] == "open"}
    appointments = books.rows("booking", "SELECT id, status FROM appointment WHERE dealer_id = :dealer")
    status = {row["id"]: row["status"] for row in appointments}
    for key in sorted(booked | known):
        appointment, part = key
        if short.get(key, 0) != ordered.get(key, 0):
            told = {"short": short.get(key, 0), "ordered": ordered.get(key, 0)}
            yield Finding("I18", dealer, text("cli.finding.special_order", appointment=appointment, part=part, **told))
        if key in ordered and status.get(appointment) not in COMES:
            state = status.get(appointment, "absent")
            yield Finding("I18", dealer, text("cli.finding.ordered_for_nobody", appointment=appointment, part=part, status=state))


def order_parts(books: Books, dealer: str) -> Iterator[Finding]:
    """I18: what an order is short of beyond what its appointment has on special order is awaited for it, as much."""
    lacking = books.rows(
        "parts",
        "SELECT reservation.appointment_id, work_order_id, asked_for, SUM(wanted_units - reserved_units - issued_units) AS units "
        "FROM reservation JOIN reservation_line ON reservation_line.dealer_id = reservation.dealer_id "
        "AND reservation_line.reservation_id = reservation.id WHERE reservation.dealer_id = :dealer AND state = 'open' "
        "AND work_order_id IS NOT NULL AND reservation.customer_id IS NOT NULL "
        "AND wanted_units > reserved_units + issued_units GROUP BY reservation.appointment_id, work_order_id, asked_for",
    )
    query = "SELECT appointment_id, asked_for FROM special_order WHERE dealer_id = :dealer"
    booked = {(row["appointment_id"], row["asked_for"]) for row in books.rows("parts", query)}
    short = {
        (row["work_order_id"], row["asked_for"]): int(row["units"])
        for row in lacking
        if (row["appointment_id"], row["asked_for"]) not in booked
    }
    query = "SELECT work_order_id, asked_for, quantity_units FROM order_part WHERE dealer_id = :dealer AND state = 'awaited'"
    awaited = {(row["work_order_id"], row["asked_for"]): row["quantity_units"] for row in books.rows("parts", query)}
    for key in sorted(short.keys() | awaited.keys()):
        if short.get(key, 0) != awaited.get(key, 0):
            told = {"short": short.get(key, 0), "ordered": awaited.get(key, 0)}
            yield Finding("I18", dealer, text("cli.finding.order_part", order=key[0], part=key[1], **told))
