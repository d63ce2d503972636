"""Rule B6: tags that the system finds by itself, each with its reason, from what other services announced."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from sqlalchemy import select

from chassis.wire.ids import derived_id, new_id
from contracts.booking.appointment import AmendAppointment, CancelAppointment, GetAppointment, RescheduleAppointment
from contracts.booking.events import AppointmentTagged
from contracts.crm.events import FollowUpCompleted, VehicleRecorded
from contracts.workshop.comeback import EarlierRepair
from contracts.workshop.reception_events import ComebackFound
from services.booking.projections.comeback import KnownComeback
from services.booking.projections.follow_up import KnownFollowUp
from services.booking.projections.vehicle import KnownVehicle

WARRANTED_UNTIL = datetime(2026, 3, 20, 4, tzinfo=UTC)


def why(desk, appointment):
    """(tag, because) of the appointment as it is now."""
    found = desk.ask(GetAppointment(appointment_id=appointment.id))
    assert found.tags == list(dict.fromkeys(one.tag for one in found.tag_reasons))
    return [(one.tag, one.because) for one in found.tag_reasons]


def says_warranty_ends(front, day, sequence=2):
    fact = VehicleRecorded(vehicle=front.vehicle, customer_id=front.customer.customer_id, warranty_end=day)
    front.desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=sequence)


def says(front, outcome, satisfaction=None, *, follow_up="one", sequence=1):
    fact = FollowUpCompleted(
        follow_up_id=derived_id("follow_up", follow_up),
        work_order_id=new_id(),
        customer_id=front.customer.customer_id,
        outcome=outcome,
        satisfaction=satisfaction,
    )
    front.desk.hear(fact, subject=fact.follow_up_id, sequence=sequence)


def finds_comeback(front, appointment, group="BRAKES", **how):
    repair = EarlierRepair(
        operation_group=group,
        dealer="bj-chaoyang",
        order_number="WO-2026-0007",
        delivered_at=datetime(2026, 2, 20, 4, tzinfo=UTC),
        warranted_until=WARRANTED_UNTIL,
        warranted_mileage=60_000,
    )
    fact = ComebackFound(
        comeback_id=derived_id("comeback", appointment.id, group),
        appointment_id=appointment.id,
        plate=front.vehicle.plate,
        repair=repair,
        found_at=front.desk.clock.now(),
    )
    front.desk.hear(fact, subject=fact.comeback_id, **how)


def test_rule_b6_a_comeback_that_workshop_found_is_a_tag_with_its_reason(desk, front, wall):
    """Once, with what was done where and until when it is warranted; beyond that day, or without that work, it is none."""
    front.publishes("BRAKE-F", group="BRAKES")
    booked = front.books(operations=["BRAKE-F"])
    finds_comeback(front, booked, times=2)
    found = desk.ask(GetAppointment(appointment_id=booked.id))
    reason = found.tag_reasons[1]
    assert (found.tags, reason.tag, reason.because) == (["booked", "comeback"], "comeback", "repair_warranty")
    assert (reason.operation_group, reason.dealer, reason.order_number) == ("BRAKES", "bj-chaoyang", "WO-2026-0007")
    assert reason.on == date(2026, 3, 20)
    [fact] = desk.announced(AppointmentTagged)
    assert fact.appointment.tags == ["booked", "comeback"]
    moved = {"appointment_id": booked.id, "reason": "later"}
    desk.do(RescheduleAppointment(**moved, starts_at=wall("2026-03-23T09:00")))
    assert why(desk, booked) == [("booked", "booked_ahead")]
    desk.do(RescheduleAppointment(**moved, starts_at=wall("2026-03-19T09:00")))
    assert ("comeback", "repair_warranty") in why(desk, booked)
    desk.do(AmendAppointment(appointment_id=booked.id, operations=["OIL-1"]))
    assert why(desk, booked) == [("booked", "booked_ahead")]


@pytest.mark.parametrize(
    ("day", "near"), [("2026-03-08", False), ("2026-03-09", True), ("2026-04-08", True), ("2026-04-09", False)]
)
def test_rule_b6_a_warranty_that_ends_within_thirty_days_is_a_tag(desk, front, day, near):
    """On the day of the appointment, or up to 30 days later; heard of before the booking, or after it."""
    before = front.books()
    says_warranty_ends(front, date.fromisoformat(day))
    after = front.books()
    for one in (before, after):
        found = desk.ask(GetAppointment(appointment_id=one.id)).tag_reasons
        assert [(it.because, it.on) for it in found[1:]] == ([("warranty_end", date.fromisoformat(day))] if near else [])


@pytest.mark.parametrize(
    ("outcome", "satisfaction", "complains"),
    [("problem", None, True), ("satisfied", 2, True), ("satisfied", 3, False), ("unreachable", None, False)],
)
def test_rule_b6_who_was_dissatisfied_after_a_delivery_is_a_complaint_customer(desk, front, outcome, satisfaction, complains):
    """A problem, or 1 or 2 of 5, in the year before the appointment."""
    booked = front.books()
    says(front, outcome, satisfaction)
    expected = [("booked", "booked_ahead"), *([("complaint_customer", "dissatisfied")] if complains else [])]
    assert why(desk, booked) == why(desk, front.books()) == expected
    desk.clock.set(datetime(2027, 3, 3, 4, tzinfo=UTC))
    assert why(desk, front.books(starts_at=datetime(2027, 3, 8, 1, tzinfo=UTC))) == [("booked", "booked_ahead")]


def test_rule_b6_a_diagnosis_is_known_by_its_type_of_service_or_its_operations(desk, front):
    """An operation of the group's kind `diagnosis`, however it is written."""
    front.opens(capacity=front.capacity("diagnosis", "repair"))
    front.publishes("ROAD-TEST", group="Diagnosis")
    by_type = front.books(service_type="diagnosis", operations=["ROAD-TEST"])
    by_operation = front.books(operations=["OIL-1", "ROAD-TEST"])
    assert why(desk, by_type) == [("booked", "booked_ahead"), ("diagnosis", "service_type")]
    assert why(desk, by_operation) == [("booked", "booked_ahead"), ("diagnosis", "operation")]
    assert desk.ask(GetAppointment(appointment_id=by_operation.id)).tag_reasons[1].operation_code == "ROAD-TEST"


def test_rule_b6_what_the_desk_says_stays_and_what_the_system_found_need_not_be_said(desk, front):
    """A form that is sent with all tags makes none of them the desk's word."""
    booked = front.books(tags=["complaint_customer", "booked"])
    assert why(desk, booked) == [("booked", "booked_ahead"), ("complaint_customer", "said_by_desk")]
    says_warranty_ends(front, date(2026, 3, 20))
    changed = desk.do(AmendAppointment(appointment_id=booked.id, tags=["booked", "complaint_customer", "near_warranty_end"]))
    assert [one.because for one in changed.tag_reasons] == ["booked_ahead", "warranty_end", "said_by_desk"]
    says_warranty_ends(front, None, sequence=3)
    assert why(desk, booked) == [("booked", "booked_ahead"), ("complaint_customer", "said_by_desk")]


def test_rule_b6_only_cars_that_come_are_tagged_again(desk, front):
    """What is off stays as it was, and an unchanged tag announces nothing."""
    off, comes = front.books(), front.books()
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    says_warranty_ends(front, date(2026, 3, 20))
    says_warranty_ends(front, date(2026, 3, 20), sequence=3)
    assert [one.appointment.appointment_id for one in desk.announced(AppointmentTagged)] == [comes.id]
    assert why(desk, off) == [("booked", "booked_ahead")]


def test_rule_b6_what_tags_are_found_by_is_the_same_in_whatever_order_it_is_heard(desk, front):
    """The newest fact of each counts: rebuilt from the events they are equal, and so are the tags."""
    booked = front.books()
    for number, order in enumerate(permutations(range(3))):
        for fact in order:
            sequence = 3 * number + fact + 2
            says_warranty_ends(front, date(2026, 3, 18 + fact), sequence=sequence)
            says(front, ("problem", "satisfied", "problem")[fact], follow_up="one", sequence=sequence)
        kept = desk.rows(
            lambda session: (
                session.scalars(select(KnownVehicle.warranty_end)).all(),
                session.scalars(select(KnownFollowUp.outcome)).all(),
                session.scalars(select(KnownComeback.id)).all(),
            )
        )
        assert kept == ([date(2026, 3, 20)], ["problem"], [])
        assert [one for one, _ in why(desk, booked)] == ["booked", "near_warranty_end", "complaint_customer"]


def test_rule_b6_another_dealers_facts_tag_nothing_here(desk, front):
    """The same customer and car are two files."""
    booked = front.books()
    fact = VehicleRecorded(vehicle=front.vehicle, customer_id=front.customer.customer_id, warranty_end=date(2026, 3, 20))
    desk.hear(fact, subject=front.vehicle.vehicle_id, sequence=2, dealer="bj-chaoyang")
    assert why(desk, booked) == [("booked", "booked_ahead")]
