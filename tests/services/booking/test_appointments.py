"""booking through its entrypoints: the life of an appointment."""

from datetime import date, timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.booking import events
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    ListAppointments,
    RequestedPart,
    RescheduleAppointment,
)
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import CustomerFacts
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided


def now(desk, appointment, **more):
    return desk.ask(GetAppointment(appointment_id=appointment.id), **more)


def an_order(front, appointment_id=None, **changes):
    facts = {
        "work_order_id": new_id(),
        "number": "RO-1",
        "appointment_id": appointment_id,
        "customer": front.customer,
        "vehicle": front.vehicle,
        "complaint": "it rattles",
    }
    return WorkOrderOpened(**{**facts, **changes})


def test_a_booked_appointment_is_answered_kept_and_announced_with_its_parts_and_its_visit(desk, front, wall):
    parts = [RequestedPart(part_number="F-1", quantity=Quantity.of("2"))]
    booked = front.books(parts=parts, complaint="it rattles", tags=["comeback"])
    assert (booked.status, booked.version, booked.starts_at) == ("confirmed", 1, wall("2026-03-09T09:00"))
    assert now(desk, booked) == booked
    (fact,) = desk.announced(events.AppointmentBooked)
    assert (fact.appointment.appointment_id, fact.appointment.parts, fact.appointment.tags) == (
        booked.id,
        booked.parts,
        ["booked", "comeback"],
    )
    assert (fact.appointment.customer, fact.appointment.vehicle) == (front.customer, front.vehicle)
    *_, envelope = desk.envelopes()
    assert (envelope["subject"], envelope["sequence"], envelope["correlationid"]) == (booked.id, 1, booked.visit_id)


def test_the_same_key_books_once(desk, front):
    first = desk.do(front.asks(), key="k-1")
    assert desk.do(front.asks(), key="k-1") == first
    assert len(desk.announced(events.AppointmentBooked)) == 1


@pytest.mark.parametrize("field", ["customer_id", "vehicle_id"])
def test_whom_crm_has_not_announced_is_not_yet_known_by_field(front, field):
    with pytest.raises(NotYetKnown) as refusal:
        front.books(**{field: new_id()})
    assert refusal.value.details["field"] == field


def test_another_dealers_customer_and_car_never_become_known(desk, front):
    theirs = CustomerFacts(customer_id=new_id(), name="Han Meimei", phone="139")
    desk.hear(CustomerRecorded(customer=theirs), dealer="bj-chaoyang")
    with pytest.raises(NotYetKnown):
        front.books(customer_id=theirs.customer_id)
    assert front.books(customer_id=theirs.customer_id, dealer="bj-chaoyang").customer == theirs


def test_the_newest_fact_of_a_customer_and_a_car_counts_in_whatever_order_it_comes(desk, front):
    def announced(name, plate, sequence):
        customer = CustomerFacts(customer_id=front.customer.customer_id, name=name, phone="138")
        vehicle = type(front.vehicle)(**{**front.vehicle.__dict__, "plate": plate})
        desk.hear(CustomerRecorded(customer=customer), subject=customer.customer_id, sequence=sequence)
        desk.hear(
            VehicleRecorded(vehicle=vehicle, customer_id=customer.customer_id), subject=vehicle.vehicle_id, sequence=sequence
        )

    announced("Li Lei III", "沪C3", 3)
    announced("Li Lei II", "沪B2", 2)
    booked = front.books()
    assert (booked.customer.name, booked.vehicle.plate) == ("Li Lei III", "沪C3")
    announced("Li Lei IV", "沪D4", 4)
    assert front.books().customer.name == "Li Lei IV"
    assert now(desk, booked).customer.name == "Li Lei IV", "an appointment says the customer as the file is now"
    assert desk.parked() == []


@pytest.mark.parametrize(
    ("when", "error"),
    [
        ("2026-03-09T09:10", Invalid),
        ("2026-03-02T09:00", Invalid),
        ("2026-03-09T08:00", Refused),
        ("2026-03-08T09:00", Refused),
    ],
)
def test_a_time_that_is_no_slot_is_refused_by_field_and_takes_nothing(desk, front, wall, when, error):
    with pytest.raises(error) as refusal:
        front.books(starts_at=wall(when))
    assert "starts_at" in str(refusal.value.details)
    assert desk.announced(events.AppointmentBooked) == []
    booked = front.books()
    with pytest.raises(error):
        desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall(when), reason="x"))
    assert now(desk, booked) == booked


def test_a_request_over_the_web_has_its_place_and_waits_for_a_word(desk, front):
    asked = front.books(channel="web")
    assert asked.status == "requested"
    confirmed = desk.do(ConfirmAppointment(appointment_id=asked.id), if_match=1)
    assert (confirmed.status, confirmed.version) == ("confirmed", 2)
    told = [one["type"] for one in desk.envelopes() if one["subject"] == asked.id]
    assert told == ["booking.appointment.booked", "booking.appointment.confirmed"]
    with pytest.raises(Refused, match="appointment_confirmed"):
        desk.do(ConfirmAppointment(appointment_id=asked.id))


def test_a_moved_appointment_is_announced_with_both_times(desk, front, wall):
    booked = front.books()
    moved = desk.do(
        RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T09:00"), reason="child is ill"), if_match=1
    )
    assert (moved.starts_at, moved.version) == (wall("2026-03-10T09:00"), 2)
    (fact,) = desk.announced(events.AppointmentRescheduled)
    assert (fact.appointment.starts_at, fact.previous_starts_at, fact.reason) == (
        moved.starts_at,
        booked.starts_at,
        "child is ill",
    )
    with pytest.raises(Invalid):
        desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=moved.starts_at, reason="same"))


def test_a_cancelled_appointment_is_announced_with_its_reason_and_stays_cancelled(desk, front):
    booked = front.books()
    with pytest.raises(PreconditionFailed):
        desk.do(CancelAppointment(appointment_id=booked.id, reason="x"), if_match=5)
    cancelled = desk.do(CancelAppointment(appointment_id=booked.id, reason="sold the car"), if_match=1)
    assert (cancelled.status, cancelled.reason) == ("cancelled", "sold the car")
    (fact,) = desk.announced(events.AppointmentCancelled)
    assert (fact.appointment.status, fact.reason) == ("cancelled", "sold the car")
    with pytest.raises(Refused, match="appointment_not_open"):
        desk.do(ArriveAppointment(appointment_id=booked.id))


def test_an_arrived_car_is_announced_with_its_bay_and_no_order_is_opened(desk, front):
    booked = front.books()
    arrived = desk.do(ArriveAppointment(appointment_id=booked.id, bay="L2"), if_match=1)
    assert (arrived.status, arrived.bay, arrived.arrived_at, arrived.work_order_id) == ("arrived", "L2", desk.clock.now(), None)
    (fact,) = desk.announced(events.AppointmentArrived)
    assert (fact.bay, fact.appointment.status) == ("L2", "arrived")


def test_who_has_not_come_after_half_an_hour_is_a_no_show_and_not_before(desk, front):
    booked, came = front.books(), front.books()
    desk.do(ArriveAppointment(appointment_id=came.id))
    desk.clock.set(booked.starts_at + timedelta(minutes=29))
    desk.fire_timers()
    assert now(desk, booked).status == "confirmed"
    desk.pass_time(minutes=1)
    desk.fire_timers()
    assert (now(desk, booked).status, now(desk, booked).version, now(desk, came).status) == ("no_show", 3, "arrived")
    (fact,) = desk.announced(events.AppointmentMissed)
    assert (fact.appointment.appointment_id, fact.appointment.status) == (booked.id, "no_show")


def test_the_dealer_says_how_long_a_car_is_waited_for_and_each_dealer_for_its_own(desk, front):
    front.opens(no_show_minutes=90)
    ours, theirs = front.books(), front.books(dealer="bj-chaoyang")
    desk.clock.set(ours.starts_at + timedelta(minutes=60))
    desk.fire_timers()
    assert (now(desk, ours).status, now(desk, theirs, dealer="bj-chaoyang").status) == ("confirmed", "no_show")


def test_who_waited_for_a_place_in_vain_is_cancelled_and_announced(desk, front):
    front.opens(places=1)
    front.books()
    waits = front.books(wait_list=True)
    desk.clock.set(waits.starts_at + timedelta(minutes=30))
    desk.fire_timers()
    assert (now(desk, waits).status, now(desk, waits).reason) == ("cancelled", "no place became free")
    assert [one.appointment.appointment_id for one in desk.announced(events.AppointmentCancelled)] == [waits.id]


def test_the_order_of_an_appointment_fulfils_it_once_however_often_it_is_announced(desk, front):
    booked = front.books()
    order = an_order(front, booked.id)
    desk.hear(order, times=2)
    desk.hear(order)  # as if the inbox had been purged
    fulfilled = now(desk, booked)
    assert (fulfilled.status, fulfilled.work_order_id, fulfilled.version) == ("fulfilled", order.work_order_id, 2)
    (fact,) = desk.announced(events.AppointmentFulfilled)
    assert (fact.work_order_id, fact.appointment.appointment_id) == (order.work_order_id, booked.id)
    assert desk.envelopes()[-1]["correlationid"] == booked.visit_id
    assert desk.parked() == []


def test_a_walk_ins_order_fulfils_nothing(desk, front):
    desk.hear(an_order(front))
    assert desk.announced(events.AppointmentFulfilled) == []
    assert desk.parked() == []


def test_a_second_order_for_an_appointment_waits_until_the_first_is_void(desk, front):
    """Rule B6: at most one that is not void. What was set aside for it went with the void order."""
    booked = front.books()
    first, second = an_order(front, booked.id), an_order(front, booked.id)
    desk.hear(first)
    desk.hear(second)
    assert [one.kind for one in desk.parked()] == ["early"]
    assert now(desk, booked).work_order_id == first.work_order_id
    desk.hear(WorkOrderVoided(work_order_id=first.work_order_id, appointment_id=booked.id, reason="wrong car"), times=2)
    reopened = now(desk, booked)
    assert (reopened.status, reopened.work_order_id) == ("arrived", None)
    assert [fact.work_order_id for fact in desk.announced(events.AppointmentReopened)] == [first.work_order_id]
    desk.hear(second)
    assert now(desk, booked).work_order_id == second.work_order_id


def test_a_void_order_fulfils_nothing_in_whatever_order_its_facts_come(desk, front):
    booked = front.books()
    first, second = an_order(front, booked.id), an_order(front, booked.id)
    desk.hear(second)
    desk.hear(WorkOrderVoided(work_order_id=first.work_order_id, appointment_id=booked.id, reason="wrong car"))
    desk.hear(first)
    assert (now(desk, booked).status, now(desk, booked).work_order_id) == ("fulfilled", second.work_order_id)
    assert (desk.parked(), desk.announced(events.AppointmentReopened)) == ([], [])


def test_an_order_for_an_appointment_nobody_knows_here_waits(desk, front):
    booked = front.books(dealer="bj-chaoyang")
    desk.hear(an_order(front, booked.id))
    assert [one.kind for one in desk.parked()] == ["early"]
    assert now(desk, booked, dealer="bj-chaoyang").status == "confirmed"


def test_another_dealers_appointment_looks_like_an_absent_one(desk, front, wall):
    booked = front.books()
    for command in (
        ConfirmAppointment(appointment_id=booked.id),
        CancelAppointment(appointment_id=booked.id, reason="x"),
        ArriveAppointment(appointment_id=booked.id),
        RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T09:00"), reason="x"),
    ):
        with pytest.raises(NotFound):
            desk.do(command, dealer="bj-chaoyang")
    with pytest.raises(NotFound):
        now(desk, booked, dealer="bj-chaoyang")
    assert desk.ask(ListAppointments(), dealer="bj-chaoyang").items == []


def test_appointments_are_listed_by_local_day_and_status(desk, front, wall):
    """08:00 on the 10th in Shanghai is the 10th, although UTC is at midnight; 07:30 is still the 9th there."""
    front.opens(opens="00:00", closes="23:30")
    early, late = front.books(starts_at=wall("2026-03-10T07:30")), front.books(starts_at=wall("2026-03-10T23:00"))
    front.books(starts_at=wall("2026-03-09T23:00"))
    front.books(starts_at=wall("2026-03-11T00:00"))
    desk.do(CancelAppointment(appointment_id=late.id, reason="x"))

    def listed(**criteria):
        return [one.id for one in desk.ask(ListAppointments(**criteria)).items]

    assert listed(from_day=date(2026, 3, 10), to_day=date(2026, 3, 10)) == [late.id, early.id]
    assert listed(from_day=date(2026, 3, 10), to_day=date(2026, 3, 10), status=["confirmed", "arrived"]) == [early.id]
    assert listed(status=["cancelled"]) == [late.id]


def test_a_long_list_goes_on_where_the_page_ended(desk, front, wall):
    ids = {front.books(starts_at=wall(f"2026-03-{9 + number // 2:02}T09:00")).id for number in range(5)}
    seen, cursor = [], None
    while True:
        page = desk.ask(ListAppointments(limit=2, cursor=cursor))
        seen += [one.id for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == 5
    assert set(seen) == ids
