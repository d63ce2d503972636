"""Every clock that the services keep: what has one, how its time passes, and how often it was then told.

A clock added to a service's table needs its row here (test_every_clock says so).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.cars import vin
from tests.faults.fleet import Fleet
from tests.faults.orders import Desk
from tests.faults.parts_clocks import counted
from tests.faults.workshop_clocks import (
    certificate,
    changed_estimate,
    clocked_on,
    handed_over,
    leg,
    long_repair,
    machine,
    observed,
    promised,
)

_next = count(1)

STARTED = "status = 'confirmed', starts_at = now() - interval '1 hour', place_from = now() - interval '1 hour'"
ENDED = "ends_at = now() - interval '30 minutes', place_until = now() - interval '30 minutes'"
TOMORROW = "status = 'confirmed', reminded = '[]', starts_at = now() + interval '23 hours', ends_at = now() + interval '24 hours'"
AN_HOUR_AGO = "now() - interval '1 hour'"


def _events(kind: str, about: str = "") -> str:
    """Events of one kind, by their subject; only those that say this word, too: a subject may have several."""
    return (
        f"SELECT subject, count(*) AS times FROM outbox WHERE type = '{kind}' AND subject = ANY(:ids) "
        f"AND strpos(envelope, '{about}') > 0 GROUP BY subject"
    )


def _events_of(table: str, column: str, kind: str) -> str:
    """Events about the rows of a table, by another column of it."""
    return (
        f"SELECT {column}::text AS subject, count(*) AS times FROM {table} JOIN outbox ON outbox.subject = {table}.id::text "
        f"AND type = '{kind}' WHERE {column}::text = ANY(:ids) GROUP BY {column}"
    )


def _tasks(kind: str) -> str:
    return (
        "SELECT appointment_id::text AS subject, count(*) AS times FROM booking_task "
        f"WHERE kind = '{kind}' AND appointment_id::text = ANY(:ids) GROUP BY appointment_id"
    )


@dataclass(frozen=True)
class Clock:
    """A timer by its name: `begin` has it run on a row of `table`; `passed` is what that says when its time is over."""

    service: str
    name: str
    table: str
    begin: Callable[[Desk], str]
    passed: str
    told: str
    """Asks how often that was told of each subject."""
    known_by: str = "id"
    """The column by which `begin` knows the row."""
    tried_again: str = "0 minutes"
    """An errand whose leader died is due again within that time."""

    def run_out(self, fleet: Fleet, ids: list[str]) -> None:
        """As if the time had passed, or - once it was told - as if it came again."""
        if self.passed:
            fleet.change(self.service, f"UPDATE {self.table} SET {self.passed} WHERE {self._these}", ids=ids)
        self.again(fleet, ids)

    def again(self, fleet: Fleet, ids: list[str]) -> None:
        """The timers are due now."""
        fleet.change(
            self.service,
            "INSERT INTO timer (dealer_id, name, subject, due_at) "
            f"SELECT dealer_id, :name, id, now() FROM {self.table} WHERE {self._these} "
            "ON CONFLICT (dealer_id, name, subject) DO UPDATE SET due_at = now()",
            name=self.name,
            ids=ids,
        )

    def waits(self, fleet: Fleet, ids: list[str]) -> bool:
        """Whether one of them is still due."""
        query = (
            f"SELECT 1 FROM timer WHERE name = :name AND due_at <= now() + interval '{self.tried_again}' "
            f"AND subject IN (SELECT id FROM {self.table} WHERE {self._these})"
        )
        return bool(fleet.rows(self.service, query, name=self.name, ids=ids))

    def times(self, fleet: Fleet, ids: list[str]) -> dict[str, int]:
        """How often each was told."""
        return {row.subject: row.times for row in fleet.rows(self.service, self.told, ids=ids)}

    @property
    def _these(self) -> str:
        return f"{self.known_by}::text = ANY(:ids)"


def _booked(desk: Desk, **more: Any) -> str:
    """An appointment at the first offered time, with a place or without."""
    starts_at = desk.client.get("/slot-offers", service_type="body")["items"][0]["starts_at"]
    asked = {"channel": "phone", "service_type": "body", "starts_at": starts_at, "wait_list": True}
    sure = {"confirm_second_appointment": True}  # the dealer has one car for all visits
    return str(desk.client.post("/appointments", {**desk.walk_in, **sure, **asked, **more})["id"])


def _comeback(desk: Desk) -> str:
    return _booked(desk, tags=["comeback"])


def _arrived(desk: Desk) -> str:
    """A car of its own: one is in the lane once."""
    number = vin()
    car = {"vin": number, "plate": f"粤C·{number[-5:]}", "make": "Volkswagen", "model": "Passat"}
    vehicle = desk.client.post("/vehicles", {"customer_id": desk.walk_in["customer_id"], **car})
    appointment = _booked(desk, vehicle_id=vehicle["id"])
    path = f"/appointments/{appointment}"
    desk.client.post(f"{path}/arrive", {"bay": "R1"}, of=desk.client.get(path))
    return appointment


def _call(desk: Desk) -> str:
    return str(desk.client.post("/calls", {"customer_name": "王芳", "phone": "+86 139 0000 1234", "about": "轮胎"})["id"])


def _enquiry(desk: Desk) -> str:
    asked = {"customer_name": "王芳", "phone": "+86 139 0000 1234", "question": "多久能好？"}
    return str(desk.client.post("/enquiries", asked)["id"])


def _in_the_lane(desk: Desk) -> str:
    return str(desk.client.post("/lane/cars", {"plate": f"粤B·{10_000 + next(_next)}"})["id"])


def _at_its_point(desk: Desk) -> str:
    """A part without stock that somebody keeps at two: it is at its reorder point."""
    number = f"LOW-{next(_next)}"
    named = {"part_number": number, "name_zh": "灯泡", "name_en": "bulb", "unit": "pc"}
    desk.client.post("/parts", {**named, "list_price": {"amount": "9.00", "currency": "CNY"}})
    desk.client.post("/stock-levels", {"part_number": number, "reorder_point": "0", "order_up_to": "2"})
    return str(desk.client.get("/purchasing-settings")["id"])


CLOCKS = (
    Clock(
        "parts",
        "watch_stock",
        "purchasing_settings",
        _at_its_point,
        "",
        "SELECT settings.id::text AS subject, 1 + count(*) - count(DISTINCT outbox.subject) AS times "
        "FROM purchasing_settings AS settings JOIN outbox ON type = 'parts.low_part.ran_low' "
        "AND strpos(envelope, settings.dealer_id) > 0 WHERE settings.id::text = ANY(:ids) GROUP BY settings.id",
    ),
    Clock("booking", "miss_appointment", "appointment", _booked, f"{STARTED}, {ENDED}", _events("booking.appointment.missed")),
    Clock("booking", "remind_customer", "appointment", _booked, TOMORROW, _events("booking.appointment.reminder_due")),
    Clock(
        "booking",
        "lapse_offer",
        "appointment",
        _booked,
        f"status = 'wait_listed', has_place = true, held_until = {AN_HOUR_AGO}",
        _events("booking.appointment.offer_lapsed"),
    ),
    Clock(
        "booking",
        "brief_director",
        "appointment",
        _comeback,
        "status = 'confirmed'",
        "SELECT appointment_id::text AS subject, count(*) AS times FROM briefed_car "
        "JOIN outbox ON type = 'booking.briefing.given' AND strpos(envelope, appointment_id::text) > 0 "
        "WHERE appointment_id::text = ANY(:ids) GROUP BY appointment_id",
    ),
    Clock(
        "booking",
        "watch_arrival",
        "appointment",
        _arrived,
        "arrived_at = now() - interval '2 days'",
        _tasks("order_not_opened"),
    ),
    Clock(
        "booking",
        "answer_request",
        "appointment",
        _booked,
        f"status = 'requested', answered_at = NULL, answer_by = {AN_HOUR_AGO}",
        _tasks("request_unanswered"),
    ),
    Clock(
        "parts", "book_differences", "stocktake", counted, "state = 'booking', differing = 0", _events("parts.stocktake.approved")
    ),
    Clock("crm", "escalate_call", "call", _call, f"due_at = {AN_HOUR_AGO}", _events("crm.call.escalated")),
    Clock("crm", "escalate_enquiry", "enquiry", _enquiry, f"due_at = {AN_HOUR_AGO}", _events("crm.enquiry.escalated")),
    Clock(
        "workshop",
        "escalate_overdue_car",
        "lane_car",
        _in_the_lane,
        f"arrived_at = {AN_HOUR_AGO}, alert_at = {AN_HOUR_AGO}",
        _events_of("lane_alert", "lane_car_id", "workshop.lane_alert.escalated"),
    ),
    Clock(
        "workshop",
        "offer_loaner",
        "work_order",
        long_repair,
        "opened_at = now() - interval '6 days'",
        "SELECT id::text AS subject, count(*) AS times FROM loaner_offer WHERE id::text = ANY(:ids) GROUP BY id",
    ),
    Clock(
        "workshop",
        "watch_promise",
        "promise",
        promised,
        f"promised_at = {AN_HOUR_AGO}",
        _events("workshop.promise.at_risk"),
    ),
    Clock(
        "workshop",
        "escalate_report",
        "progress_report",
        changed_estimate,
        f"due_at = {AN_HOUR_AGO}",
        _events("workshop.progress.missed", about="estimate_changed"),
        known_by="work_order_id",
    ),
    Clock(
        "workshop",
        "escalate_leg",
        "leg",
        leg,
        f"begins_at = now() - interval '2 hours', ends_at = {AN_HOUR_AGO}",
        _events("workshop.leg.late"),
    ),
    Clock(
        "workshop",
        "watch_equipment",
        "equipment",
        machine,
        "due_on = '2020-01-01'",
        _events_of("equipment_notice", "equipment_id", "workshop.equipment.overdue"),
    ),
    Clock(
        "workshop",
        "tell_of_expiry",
        "certificate",
        certificate,
        "issued_on = '2019-01-01', expires_on = '2020-01-01'",
        _events("workshop.certificate.expiring"),
    ),
    Clock(
        "workshop",
        "ask_about_observation",
        "observation",
        observed,
        f"until = '2026-01-01', until_at = {AN_HOUR_AGO}",
        _events("workshop.observation.due"),
    ),
    Clock(
        "workshop",
        "send_health_record",
        "health_record",
        handed_over,
        "state = 'due', attempts = 0, answered_at = NULL",
        "SELECT work_order_id::text AS subject, count(*) AS times FROM health_record "
        "WHERE state = 'taken' AND work_order_id::text = ANY(:ids) GROUP BY work_order_id",
        known_by="work_order_id",
        tried_again="5 minutes",
    ),
    Clock(
        "workshop",
        "end_forgotten_clocking",
        "clocking",
        clocked_on,
        "on_at = now() - interval '3 days'",
        _events_of("clocking", "work_order_id", "workshop.work_order.work_stopped"),
        known_by="work_order_id",
    ),
)

TIMED = tuple(dict.fromkeys(clock.service for clock in CLOCKS))
"""The services with a clock."""
