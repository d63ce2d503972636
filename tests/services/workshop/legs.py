"""The desk that plans pick-up and return, and the drivers, in their words (Rule B14)."""

from dataclasses import replace
from datetime import UTC, datetime

from chassis.wire.ids import new_id
from contracts.booking.calendar import Weekday
from contracts.booking.events import (
    AppointmentConfirmed,
)
from contracts.signing import Signing
from contracts.workshop import leg, leg_settings
from tests.services.workshop.shop import Shop

DAY = "2026-03-03"
TIMES = [("08:00", "10:00"), ("10:00", "12:00"), ("14:00", "16:00")]
WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


def at(text, day=DAY):
    return datetime.fromisoformat(f"{day}T{text}:00+08:00").astimezone(UTC)


class Fleet:
    """The desk that plans, and the drivers."""

    def __init__(self, desk):
        self.desk, self.shop, self.sequence = desk, Shop(desk), 1
        for one in ("zhou", "wu"):
            desk.employ(one, "driver")
        self.drives(legs=1)

    def drives(self, *, legs, times=TIMES):
        intervals = [leg_settings.LegInterval(weekday=day, begins=a, ends=b, legs=legs) for day in WEEK for a, b in times]
        return self.desk.do(leg_settings.SetLegSettings(intervals=intervals))

    def appointment(self, starts_at=None, **changes):
        facts = self.shop.appointment(status="confirmed", starts_at=starts_at or at("12:00"), **changes)
        self.hear(AppointmentConfirmed(appointment=facts))
        return facts

    def hear(self, fact):
        self.sequence += 1
        self.desk.hear(fact, subject=fact.appointment.appointment_id, sequence=self.sequence, visit=new_id())

    def moved(self, facts, starts_at):
        return replace(facts, starts_at=starts_at), {"previous_starts_at": facts.starts_at, "reason": "ill"}

    def asks(self, facts, begins="08:00", **more):
        about = {"direction": "pick_up", "appointment_id": facts.appointment_id, "address": "张杨路 500 号", "driver": "zhou"}
        return leg.PlanLeg(**{**about, "begins_at": at(begins), **more})

    def plans(self, facts, begins="08:00", **more):
        return self.desk.do(self.asks(facts, begins, **more))

    def starts(self, one):
        return self.desk.do(leg.StartLeg(leg_id=one.id), actor="zhou")

    def records(self, one, *, actor="zhou", **more):
        given = {"keys": 2, "registration": True, "mileage": 52_000, "fuel_eighths": 4, **more}
        return self.desk.do(leg.RecordLegSheet(leg_id=one.id, **given), actor=actor)

    def signs(self, one, *, actor="zhou", **more):
        sheet = self.now(one).sheet
        given = {"means": "typed", "name": "Li Na", "document_hash": sheet and sheet.document_hash, **more}
        return self.desk.do(leg.SignLegSheet(leg_id=one.id, signature=Signing(**given)), actor=actor)

    def fetches(self, one):
        self.starts(one)
        self.records(one)
        return self.signs(one)

    def now(self, one):
        return self.desk.ask(leg.GetLeg(leg_id=one.id))

    def delivers(self, order):
        return self.shop.deliver(self.shop.ready(self.shop.approved(order)))
