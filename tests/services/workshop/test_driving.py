"""Rule B14: a leg from start to signature, and what is the customer's in custody from there (Rule W24)."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Invalid, PreconditionFailed, Refused
from contracts.booking.events import (
    AppointmentArrived,
)
from contracts.workshop import leg, leg_events
from contracts.workshop.custody import GetCustody, HandOverThings
from contracts.workshop.evidence import StoredFile
from contracts.workshop.leg_evidence import GetLegAttachment, GetLegUploadTerms, RecordLegAttachment
from contracts.workshop.order import VoidWorkOrder
from tests.services.workshop.legs import at
from tests.services.workshop.shop import CUSTOMER


def holders(desk, order):
    """Who has what is the customer's; the folder is the house's."""
    return {one.holder for one in desk.ask(GetCustody(work_order_id=order.id)).held if one.thing != "folder"}


def test_what_the_driver_was_given_is_in_the_custody_of_the_order_from_there_on(desk, fleet):
    """Rule W24: the first hand-overs of the visit are those at the customer's."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    desk.clock.set(at("08:30"))
    fleet.fetches(one)
    desk.clock.set(at("11:00"))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    assert fleet.now(one).work_order_id == order.id
    found = desk.ask(GetCustody(work_order_id=order.id))
    assert [(move.thing, move.given_by, move.given_to, move.at) for move in found.hand_overs] == [
        ("keys", None, "zhou", at("08:30")),
        ("registration", None, "zhou", at("08:30")),
        ("folder", None, "wang", at("11:00")),
    ], "there was no folder before there was an order"
    desk.do(HandOverThings(work_order_id=order.id, things=["keys"], given_to="zhang"))
    held = {one.thing: one.holder for one in desk.ask(GetCustody(work_order_id=order.id)).held}
    assert held == {"keys": "zhang", "registration": "zhou", "folder": "wang"}


def test_an_order_that_was_opened_meanwhile_gets_them_with_the_signature(desk, fleet):
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.starts(one)
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    fleet.records(one)
    fleet.signs(one)
    assert {held.thing: held.holder for held in desk.ask(GetCustody(work_order_id=order.id)).held} == {
        "keys": "zhou",
        "registration": "zhou",
        "folder": "wang",
    }


def test_a_car_that_is_ready_is_brought_back_and_the_driver_gives_back_what_is_the_customers(desk, fleet):
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    back = {"direction": "return", "appointment_id": None, "work_order_id": order.id}
    with pytest.raises(Refused, match="order_not_ready"):
        fleet.plans(facts, "14:00", **back)
    ready = fleet.shop.ready(fleet.shop.approved(order))
    one = fleet.plans(facts, "14:00", **back)
    with pytest.raises(Refused, match="car_not_delivered"):
        fleet.starts(one)
    fleet.shop.deliver(ready)
    assert holders(desk, order) == {"zhou"}, "not at the desk"
    fleet.starts(one)
    fleet.records(one)
    fleet.signs(one)
    assert holders(desk, order) == {None}


def test_a_fetched_car_goes_home_with_its_keys_when_its_order_is_void(desk, fleet):
    """Nobody works on it: there is nothing to accept, and the customer is not here to take it."""
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    with pytest.raises(Refused, match="order_not_ready"):
        fleet.plans(facts, "14:00", appointment_id=None, work_order_id=order.id, direction="return")
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="the customer said no"))
    back = fleet.plans(facts, "14:00", appointment_id=None, work_order_id=order.id, direction="return")
    fleet.fetches(back)
    assert holders(desk, order) == {None}


def test_the_car_of_a_void_order_that_nobody_fetched_is_not_brought(desk, fleet):
    order = fleet.shop.open()
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="the customer said no"))
    with pytest.raises(Refused, match="order_not_ready"):
        fleet.plans(fleet.appointment(), "14:00", appointment_id=None, work_order_id=order.id, direction="return")


def test_without_a_leg_the_delivery_gives_back_what_a_driver_fetched(desk, fleet):
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    fleet.delivers(order)
    assert holders(desk, order) == {None}


def test_what_was_changed_since_it_was_shown_is_not_signed_and_what_is_signed_stays(desk, fleet):
    one = fleet.plans(fleet.appointment())
    fleet.starts(one)
    with pytest.raises(Refused, match="sheet_missing"):
        fleet.signs(one)
    shown = fleet.records(one).sheet.document_hash
    with pytest.raises(Invalid, match="needs_document_hash"):
        fleet.signs(one, document_hash=None)
    fleet.records(one, keys=1)
    with pytest.raises(PreconditionFailed, match="document_changed"):
        fleet.signs(one, document_hash=shown)
    fleet.signs(one)
    with pytest.raises(Refused, match="leg_not_open"):
        fleet.records(one, keys=3)


def test_nobody_sets_out_without_a_driver(desk, fleet):
    one = fleet.plans(fleet.appointment(), driver=None)
    with pytest.raises(Refused, match="leg_needs_driver"):
        desk.do(leg.StartLeg(leg_id=one.id), actor="wang")
    desk.do(leg.ReplanLeg(leg_id=one.id, driver="wu"))
    assert [found.id for found in desk.ask(leg.GetMyLegs(day=at("08:00").date()), actor="wu").legs] == [one.id]
    assert desk.ask(leg.GetMyLegs(day=at("08:00").date()), actor="zhou").legs == []
    assert desk.do(leg.StartLeg(leg_id=one.id), actor="wang").driver == "wu", "the desk said so for them"


def test_who_sets_out_drives_whoever_was_to(desk, fleet):
    """Rule W24: keys and papers are with who has them; the leg is among theirs."""
    facts = fleet.appointment()
    one = fleet.plans(facts, driver="zhou")
    gone = desk.do(leg.StartLeg(leg_id=one.id), actor="wu")
    assert (gone.driver, gone.started_by) == ("wu", "wu")
    assert [found.id for found in desk.ask(leg.GetMyLegs(day=at("08:00").date()), actor="wu").legs] == [one.id]
    fleet.records(one, actor="wu")
    fleet.signs(one, actor="wu")
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    assert holders(desk, order) == {"wu"}


def test_photos_of_a_leg_are_kept_as_those_of_an_order_while_there_is_something_to_see(desk, fleet):
    """Rule W31."""
    one = fleet.plans(fleet.appointment())
    file = StoredFile(sha256="a" * 64, content_type="image/jpeg", size=1_000)
    photo = RecordLegAttachment(leg_id=one.id, name="front.jpg", file=file, most_bytes=10_000_000)
    assert not desk.ask(GetLegUploadTerms(leg_id=one.id)).open
    with pytest.raises(Refused, match="leg_not_open"):
        desk.do(photo, actor="zhou")
    fleet.starts(one)
    kept = desk.do(photo, actor="zhou")
    assert (kept.leg_id, kept.work_order_id, kept.attached_by) == (one.id, None, "zhou")
    assert [shown.id for shown in fleet.now(one).photos] == [kept.id]
    assert desk.ask(GetLegAttachment(leg_id=one.id, attachment_id=kept.id)).sha256 == "a" * 64


def test_a_leg_that_is_not_done_by_the_end_of_its_window_escalates_once(desk, fleet):
    fleet.drives(legs=2)
    one, done = fleet.plans(fleet.appointment()), fleet.plans(fleet.appointment())
    fleet.fetches(done)
    desk.clock.set(at("09:59"))
    desk.fire_timers()
    assert desk.announced(leg_events.LegLate) == []
    for _ in range(2):
        desk.pass_time(minutes=2)
        desk.fire_timers()
    (late,) = desk.announced(leg_events.LegLate)
    assert late.leg.leg_id == one.id
    assert fleet.fetches(one).leg_state == "done", "it is still to be done"


def test_a_car_is_fetched_from_planning_to_signature_each_step_with_who_and_when(desk, fleet):
    one = fleet.plans(fleet.appointment())
    assert (one.leg_state, one.planned_by, one.address, one.phone) == ("planned", "wang", "张杨路 500 号", CUSTOMER.phone)
    assert (one.begins_at, one.ends_at) == (at("08:00"), at("10:00"))
    desk.clock.set(at("08:10"))
    assert fleet.starts(one).started_by == "zhou"
    desk.pass_time(minutes=20)
    draft = fleet.records(one, mileage=31_000, fuel_eighths=3)
    done = fleet.signs(one, document_hash=draft.sheet.document_hash)
    assert (done.leg_state, done.ended_by, done.ended_at) == ("done", "zhou", at("08:30"))
    assert (done.sheet.signature.name, done.sheet.signature.verified, done.sheet.keys) == ("Li Na", True, 2)
    (fact,) = desk.announced(leg_events.LegDone)
    assert (fact.things, fact.leg.leg_state, fact.signed_by) == (["keys", "registration"], "done", "Li Na")


def test_no_event_says_where_somebody_lives_or_who_they_are(desk, fleet):
    fleet.fetches(fleet.plans(fleet.appointment()))
    told = [str(one["data"]) for one in desk.envelopes() if one["type"].startswith("workshop.leg.")]
    assert len(told) == 3
    assert not any("张杨路" in one or CUSTOMER.phone in one for one in told)
