"""Rules B1 and B4 to B6: what is captured, and the appointment's life."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Money, Quantity
from contracts.booking import events
from contracts.booking.appointment import AmendAppointment, BookAppointment, RequestedPart, TagReason
from contracts.booking.refusals import REFUSALS
from contracts.shared import CustomerFacts, VehicleFacts
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.arriving import require_its_day

NINE = datetime(2026, 3, 9, 1, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
CUSTOMER = CustomerFacts(customer_id=new_id(), name="Li Lei", phone="13800000001")
VEHICLE = VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102")

NOTICE = events.CustomerNotice(
    customer=CUSTOMER, language="zh", dealer_name="浦东店", time_zone="Asia/Shanghai", bring=["registration", "service_book"]
)

FOUND = [TagReason(tag="booked", because="booked_ahead")]


def book(has_place=True, **changes):
    asked = {
        "customer_id": CUSTOMER.customer_id,
        "vehicle_id": VEHICLE.vehicle_id,
        "channel": "phone",
        "service_type": "repair",
        "starts_at": NINE,
    }
    return Appointment.book(
        BookAppointment(**{**asked, **changes}),
        customer=CUSTOMER,
        vehicle=VEHICLE,
        currency="CNY",
        length=HALF_AN_HOUR,
        service_name=None,
        has_place=has_place,
        deposit=None,
        low_traffic=False,
        found=FOUND,
        notice=NOTICE,
        at=NINE,
        owner=None,
    )


def an_appointment(status="confirmed", **changes):
    appointment = book(has_place=status not in ("wait_listed", "cancelled", "no_show"), **changes)
    appointment.status = status
    appointment.announced.clear()
    return appointment


def test_a_booking_captures_what_the_customer_said_and_begins_a_visit():
    price = Money.of("800.00", "CNY")
    appointment = book(
        complaint="it rattles",
        operations=["OIL-1"],
        parts=[RequestedPart(part_number="F-1", quantity=Quantity.of("4.5"))],
        advisor="wang",
        waiting=True,
        loaner=True,
        expected_pick_up_at=NINE + timedelta(hours=3),
        acceptable_price=price,
        estimated_cost=price,
        estimated_minutes=90,
        tags=["comeback"],
    )
    answer = appointment.describe()
    assert (answer.complaint, answer.operations, answer.advisor, answer.waiting, answer.loaner) == (
        "it rattles",
        ["OIL-1"],
        "wang",
        True,
        True,
    )
    assert (answer.acceptable_price, answer.estimated_cost, answer.estimated_minutes) == (price, price, 90)
    assert [(part.part_number, part.quantity) for part in answer.parts] == [("F-1", Quantity.of("4.5"))]
    assert answer.tags == ["booked", "comeback"]
    assert answer.visit_id
    (fact,) = appointment.announced
    assert fact == events.AppointmentBooked(appointment=appointment.facts(), notice=NOTICE)
    assert (fact.appointment.parts, fact.appointment.customer, fact.appointment.vehicle) == (answer.parts, CUSTOMER, VEHICLE)


@pytest.mark.parametrize(
    ("channel", "status"),
    [
        ("phone", "confirmed"),
        ("walk_in", "confirmed"),
        ("roadside", "confirmed"),
        ("web", "requested"),
    ],
)
def test_what_is_asked_for_over_the_web_is_requested_the_rest_is_confirmed_at_once(channel, status):
    booked = book(channel=channel)
    (fact,) = booked.announced
    assert (booked.status, fact.notice is not None) == (status, status == "confirmed"), "who is confirmed is told so, once"


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({}, ["booked"]),
        ({"tags": ["booked", "diagnosis"]}, ["booked", "diagnosis"]),
        ({"tags": ["complaint_customer", "near_warranty_end"]}, ["booked", "complaint_customer", "near_warranty_end"]),
    ],
)
def test_tags_are_what_was_found_and_what_the_caller_knows(changes, tags):
    """Rule B6: each once."""
    assert book(**changes).tags == tags


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expected_pick_up_at": NINE}, "expected_pick_up_at"),
        ({"acceptable_price": Money.of("1", "EUR")}, "acceptable_price"),
        ({"estimated_cost": Money.of("1", "EUR")}, "estimated_cost"),
    ],
)
def test_what_cannot_be_is_refused_by_field(changes, field):
    with pytest.raises(Invalid) as refusal:
        book(**changes)
    assert list(refusal.value.details["errors"]) == [field]


def test_without_a_place_it_waits_and_says_so():
    appointment = book(has_place=False, channel="web")
    assert (appointment.status, appointment.has_place) == ("wait_listed", False)
    assert appointment.announced == [events.AppointmentWaitListed(appointment=appointment.facts())]


def test_confirming_a_request_announces_it_and_confirming_one_that_waited_announces_the_place_it_took():
    requested, waited = an_appointment("requested"), an_appointment("wait_listed")
    requested.confirm(NOTICE)
    waited.confirm(NOTICE)
    assert requested.announced == [events.AppointmentConfirmed(appointment=requested.facts(), notice=NOTICE)]
    assert waited.announced == [events.AppointmentBooked(appointment=waited.facts(), notice=NOTICE)]
    assert (requested.status, waited.status) == ("confirmed", "confirmed")
    with pytest.raises(Refused, match="appointment_confirmed"):
        requested.confirm(NOTICE)


def test_a_move_says_from_where_and_why():
    appointment = an_appointment("requested", expected_pick_up_at=NINE + timedelta(hours=2))
    appointment.reschedule(NINE + timedelta(days=1), HALF_AN_HOUR, "child is ill", FOUND, NOTICE)
    assert (appointment.starts_at, appointment.status, appointment.reason) == (
        NINE + timedelta(days=1),
        "confirmed",
        "child is ill",
    )
    assert appointment.expected_pick_up_at is None, "it was agreed for the old time"
    assert appointment.announced == [
        events.AppointmentRescheduled(
            appointment=appointment.facts(), previous_starts_at=NINE, reason="child is ill", notice=NOTICE
        )
    ]


def test_what_is_to_be_done_may_change_and_a_part_that_stays_keeps_its_line():
    """Rule B4: another complaint, another advisor, one part more; what was set aside for the first part stays so."""
    appointment = an_appointment(parts=[RequestedPart(part_number="F-1", quantity=Quantity.of("1"))], advisor="wang")
    (pads,) = appointment.facts().parts
    wanted = [RequestedPart(part_number=number, quantity=Quantity.of("2")) for number in ("D-9", "F-1")]
    appointment.amend(AmendAppointment(appointment_id=new_id(), complaint="it squeals", parts=wanted, advisor="zhao"), FOUND)
    disc, still = appointment.facts().parts
    assert (appointment.complaint, appointment.advisor, appointment.starts_at, appointment.status) == (
        "it squeals",
        "zhao",
        NINE,
        "confirmed",
    )
    assert (still.line_id, still.quantity, disc.part_number) == (pads.line_id, Quantity.of("2"), "D-9")
    assert disc.line_id != pads.line_id
    assert appointment.announced == [events.AppointmentAmended(appointment=appointment.facts())]


@pytest.mark.parametrize("status", ["fulfilled", "cancelled", "no_show"])
def test_what_has_ended_is_not_amended(status):
    with pytest.raises(Refused, match="appointment_not_open"):
        an_appointment(status).amend(AmendAppointment(appointment_id=new_id()), FOUND)


def test_who_comes_after_all_comes_on_the_day():
    """Rule B5."""
    with pytest.raises(Refused, match="appointment_missed"):
        require_its_day(date(2026, 3, 10), date(2026, 3, 9))
    require_its_day(date(2026, 3, 9), date(2026, 3, 9))


@pytest.mark.parametrize(
    ("minutes", "at_its_time"), [(-90, False), (-30, False), (-29, True), (0, True), (29, True), (30, False)]
)
def test_a_car_that_comes_less_than_a_slot_early_waits_for_its_place(minutes, at_its_time):
    """Rule B5."""
    assert an_appointment().comes_at_its_time(NINE + timedelta(minutes=minutes)) is at_its_time


def test_a_car_that_comes_at_another_time_occupies_a_place_then_if_one_is_free():
    """Rule B5: its time stays what was agreed."""
    appointment, eight = an_appointment(), NINE - timedelta(hours=1)
    for free in (False, True):
        appointment.take_place(eight, HALF_AN_HOUR, is_free=free)
        assert (appointment.stretch, appointment.has_place, appointment.starts_at) == ((eight, eight + HALF_AN_HOUR), free, NINE)


def test_a_cancellation_says_why():
    appointment = an_appointment()
    appointment.cancel("sold the car", NOTICE)
    assert (appointment.status, appointment.reason, appointment.has_place) == ("cancelled", "sold the car", False)
    assert appointment.announced == [
        events.AppointmentCancelled(appointment=appointment.facts(), reason="sold the car", notice=NOTICE)
    ]


def test_an_arrival_puts_the_car_in_a_bay():
    appointment = an_appointment()
    appointment.arrive(at=NINE, bay="L2")
    assert (appointment.status, appointment.bay, appointment.arrived_at) == ("arrived", "L2", NINE)
    assert appointment.announced == [events.AppointmentArrived(appointment=appointment.facts(), bay="L2")]


def test_who_does_not_come_is_a_no_show():
    appointment = an_appointment()
    appointment.miss()
    assert (appointment.status, appointment.has_place) == ("no_show", False)
    assert appointment.announced == [events.AppointmentMissed(appointment=appointment.facts())]


@pytest.mark.parametrize("status", ["requested", "confirmed", "arrived", "no_show", "cancelled"])
def test_an_opened_order_is_a_fact_whatever_was_thought_here(status):
    appointment, order = an_appointment(status), new_id()
    appointment.fulfil(order, at=NINE)
    assert (appointment.status, appointment.work_order_id) == ("fulfilled", order)
    was_missed = status == "no_show"
    told = events.AppointmentFulfilled(appointment=appointment.facts(), work_order_id=order, was_missed=was_missed)
    assert appointment.announced == [told]


def test_only_the_order_that_fulfilled_it_reopens_it():
    appointment, order = an_appointment("confirmed"), new_id()
    appointment.fulfil(order, at=NINE)
    appointment.announced.clear()
    appointment.reopen(new_id())
    assert (appointment.status, appointment.announced) == ("fulfilled", [])
    appointment.reopen(order)
    assert (appointment.status, appointment.work_order_id) == ("arrived", None)
    assert appointment.announced == [events.AppointmentReopened(appointment=appointment.facts(), work_order_id=order)]


ALLOWED = {
    "confirm": {"requested", "wait_listed"},
    "reschedule": {"requested", "confirmed", "wait_listed", "no_show"},
    "cancel": {"requested", "confirmed", "wait_listed", "arrived"},
    "arrive": {"requested", "confirmed", "wait_listed", "no_show"},
    "miss": {"confirmed"},
}


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("status", events.AppointmentStatus.__args__)
def test_only_the_listed_transitions_exist(verb, status):
    appointment = an_appointment(status)
    arguments = {
        "confirm": (NOTICE,),
        "reschedule": (NINE + timedelta(days=1), HALF_AN_HOUR, "later", FOUND, NOTICE),
        "cancel": ("no", NOTICE),
    }.get(verb, ())
    facts = {"at": NINE, "bay": None} if verb == "arrive" else {}
    if status in ALLOWED[verb]:
        getattr(appointment, verb)(*arguments, **facts)
        assert appointment.status != status or verb == "reschedule"
        assert len(appointment.announced) == 1
    else:
        with pytest.raises(Refused):
            getattr(appointment, verb)(*arguments, **facts)
        assert (appointment.status, appointment.announced) == (status, [])


def test_every_refusal_is_listed_and_every_one_listed_is_made():
    source = Path(__file__).parents[3] / "services" / "booking"
    calls = [
        node
        for file in source.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
    ]
    assert {call.args[0].value for call in calls} == set(REFUSALS)
