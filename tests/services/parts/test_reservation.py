"""Reservations from booking to delivery (Rules B6, P3), in any order of events."""

from datetime import date, timedelta

import pytest

from chassis.wire.errors import Invalid, NotFound
from chassis.wire.values import Quantity
from contracts.parts.events import PartsPrePicked, PartsReserved, ReservationReleased
from contracts.parts.reservation import GetReservation, ListReservations
from contracts.shared import PartRequest
from tests.services.parts.facts import TOMORROW, VISIT, an_id, want


def test_a_booked_appointment_has_its_parts_pre_picked_with_plate_and_date(scene, desk):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "pad", "2"), visit=VISIT)
    reservation = scene.reservation(appointment="appointment")
    assert (reservation.plate, reservation.tag_date, reservation.due) == ("沪A12345", date(2026, 3, 3), False)
    assert scene.set_aside(appointment="appointment") == {"PAD": (2, 0, 0)}
    part = scene.part("PAD")
    assert (part.on_hand, part.reserved, part.available) == (Quantity.of("5"), Quantity.of("2"), Quantity.of("3"))
    (fact,) = desk.announced(PartsPrePicked)
    assert fact == PartsPrePicked(appointment_id=an_id("appointment"), reserved=[want("a", "PAD", "2")], short=[])
    assert desk.envelopes()[-1]["correlationid"] == VISIT
    scene.assert_the_books_agree()


def test_what_stock_cannot_cover_is_announced_as_short(scene, desk):
    scene.in_stock("PAD", "1")
    scene.booked("appointment", want("a", "PAD", "3"), want("b", "NOBODY-KNOWS", "1"))
    (fact,) = desk.announced(PartsPrePicked)
    assert fact.reserved == [want("a", "PAD", "1")]
    assert sorted(fact.short, key=lambda one: one.part_number) == [want("b", "NOBODYKNOWS", "1"), want("a", "PAD", "2")]


def test_the_tag_shows_the_day_where_the_dealer_is(scene):
    scene.booked("appointment")
    scene.rescheduled("appointment", starts_at=TOMORROW + timedelta(hours=16))  # after midnight in Shanghai
    assert scene.reservation(appointment="appointment").tag_date == date(2026, 3, 4)


def test_arrival_makes_the_pick_list_due(scene, desk):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.arrived("appointment", want("a", "PAD", "2"))
    (reservation,) = desk.ask(ListReservations(state="open")).items
    assert (reservation.due, reservation.bay, reservation.arrived_at) == (True, "3", desk.clock.now())
    assert scene.set_aside(appointment="appointment") == {"PAD": (2, 0, 0)}


@pytest.mark.parametrize("end", ["cancelled", "missed"])
def test_an_appointment_that_does_not_happen_sets_its_parts_free(scene, desk, end):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    getattr(scene, end)("appointment", want("a", "PAD", "2"))
    assert scene.part("PAD").reserved == Quantity.of("0")
    assert desk.announced(ReservationReleased) == [ReservationReleased(appointment_id=an_id("appointment"))]
    scene.assert_the_books_agree()


def test_the_newest_event_of_an_appointment_wins_in_any_order(scene, desk):
    scene.in_stock("PAD", "5")
    scene.cancelled("appointment", want("a", "PAD", "2"), sequence=3)
    scene.booked("appointment", want("a", "PAD", "2"), sequence=1)
    scene.rescheduled("appointment", want("a", "PAD", "2"), sequence=2)
    assert scene.reservation(appointment="appointment").state == "released"
    assert scene.part("PAD").reserved == Quantity.of("0")


def test_rescheduling_a_missed_appointment_sets_its_parts_aside_again(scene):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.missed("appointment", want("a", "PAD", "2"))
    scene.rescheduled("appointment", want("a", "PAD", "2"), sequence=3)
    assert scene.set_aside(appointment="appointment") == {"PAD": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_a_changed_scope_moves_only_the_difference(scene):
    scene.in_stock("PAD", "5")
    scene.in_stock("OIL", "5")
    scene.booked("appointment", want("a", "PAD", "3"), want("b", "OIL", "1"))
    scene.rescheduled("appointment", want("a", "PAD", "1"))
    assert scene.set_aside(appointment="appointment") == {"PAD": (1, 0, 0)}
    assert scene.part("OIL").reserved == Quantity.of("0")
    scene.assert_the_books_agree()


def test_a_repeated_event_reserves_once(scene, desk):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"), times=2)
    scene.booked("appointment", want("a", "PAD", "2"))
    assert scene.part("PAD").reserved == Quantity.of("2")
    assert len(desk.announced(PartsPrePicked)) == 1


def test_an_amended_appointment_sets_aside_what_it_wants_now_and_one_on_the_wait_list_nothing(scene):
    """Rules B4 and B6."""
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.amended("appointment", want("a", "PAD", "3"))
    assert scene.set_aside(appointment="appointment") == {"PAD": (3, 0, 0)}
    scene.amended("waits", want("b", "PAD", "1"), status="wait_listed")
    assert scene.part("PAD").reserved == Quantity.of("3")
    scene.assert_the_books_agree()


def test_an_appointments_parts_move_to_its_work_order(scene, desk):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.opened("order", "appointment")
    assert scene.reservation(appointment="appointment").state == "moved"
    assert scene.set_aside("order") == {"PAD": (2, 0, 0)}
    assert [line.approved for line in scene.reservation("order").lines] == [False]
    assert desk.announced(PartsReserved)[-1].work_order_id == an_id("order")
    assert desk.announced(ReservationReleased) == []
    scene.assert_the_books_agree()


def test_approval_reserves_only_the_difference(scene, desk):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.opened("order", "appointment")
    scene.approved("order", want("line", "PAD", "3"), appointment="appointment")
    assert scene.set_aside("order") == {"PAD": (3, 0, 0)}
    (line,) = scene.reservation("order").lines
    assert (line.line_id, line.approved) == (an_id("line"), True)
    scene.assert_the_books_agree()


def test_the_pre_picked_last_piece_stays_with_the_order_that_follows(scene):
    """Somebody else waits for it, and gets it only when the order does not want it."""
    scene.in_stock("PAD", "1")
    scene.booked("appointment", want("a", "PAD", "1"))
    scene.booked("other", want("b", "PAD", "1"))
    scene.opened("order", "appointment")
    scene.approved("order", want("line", "PAD", "1"), appointment="appointment")
    assert scene.set_aside("order") == {"PAD": (1, 0, 0)}
    scene.approved("order", appointment="appointment", sequence=3)
    assert scene.set_aside(appointment="other") == {"PAD": (1, 0, 0)}
    scene.assert_the_books_agree()


def test_an_approval_received_before_the_opening_takes_the_appointments_parts_over(scene):
    scene.in_stock("PAD", "2")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.approved("order", want("line", "PAD", "2"), appointment="appointment", sequence=2)
    scene.opened("order", "appointment", sequence=1)
    assert scene.set_aside("order") == {"PAD": (2, 0, 0)}
    assert scene.reservation("order").plate == "沪A12345"
    scene.assert_the_books_agree()


def test_an_older_approval_is_ignored(scene):
    scene.in_stock("PAD", "5")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"), sequence=5)
    scene.approved("order", want("line", "PAD", "4"), sequence=4)
    assert scene.set_aside("order") == {"PAD": (1, 0, 0)}


@pytest.mark.parametrize("first", ["opened", "approved"])
def test_an_order_whose_appointment_is_not_known_waits_for_it(scene, desk, first):
    if first == "opened":
        scene.opened("order", "appointment")
    else:
        scene.approved("order", want("line", "PAD", "1"), appointment="appointment")
    assert [(one.subscriber, one.kind) for one in desk.parked()] == [("parts.follow_work_order", "early")]
    with pytest.raises(NotFound):
        scene.reservation("order")


def test_what_the_customer_withdraws_is_free_for_those_who_wait(scene):
    """Rule P3: what stays approved stays set aside; an older approval that comes late reserves nothing anew."""
    scene.in_stock("PAD", "3")
    scene.opened("order")
    scene.approved("order", want("pads", "PAD", "2"), want("more", "PAD", "1"))
    scene.opened("other")
    scene.approved("other", want("line", "PAD", "2"))
    scene.withdrawn("order", want("more", "PAD", "1"), times=2)
    scene.approved("order", want("pads", "PAD", "2"), want("more", "PAD", "1"))
    assert scene.set_aside("order") == {"PAD": (1, 0, 0)}
    assert scene.set_aside("other") == {"PAD": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_a_void_order_sets_its_parts_free_and_nothing_reserves_for_it_again(scene, desk):
    scene.in_stock("PAD", "5")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"))
    scene.voided("order", times=2)
    scene.approved("order", want("line", "PAD", "3"), sequence=3)
    assert scene.part("PAD").reserved == Quantity.of("0")
    assert len(desk.announced(ReservationReleased)) == 1
    scene.assert_the_books_agree()


def test_a_void_order_received_first_sets_the_appointments_parts_free(scene):
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.voided("order")
    scene.opened("order", "appointment")
    assert scene.part("PAD").reserved == Quantity.of("0")
    scene.assert_the_books_agree()


def test_received_parts_fill_the_oldest_short_reservation_first(scene, desk):
    scene.catalogued("PAD")
    scene.booked("first", want("a", "PAD", "2"))
    desk.pass_time(hours=1)
    scene.opened("second")
    scene.approved("second", want("line", "PAD", "2"))
    scene.received("PAD", "3")
    assert scene.set_aside(appointment="first") == {"PAD": (2, 0, 0)}
    assert scene.set_aside("second") == {"PAD": (1, 0, 1)}
    assert [len(one.short) for one in desk.announced(PartsPrePicked)] == [1, 0]
    assert [len(one.short) for one in desk.announced(PartsReserved)] == [1, 1]
    scene.assert_the_books_agree()


def test_an_order_keeps_its_appointments_place_in_the_queue(scene, desk):
    scene.catalogued("PAD")
    scene.booked("appointment", want("a", "PAD", "1"))
    desk.pass_time(hours=1)
    scene.booked("other", want("b", "PAD", "1"))
    desk.pass_time(hours=1)
    scene.opened("order", "appointment")
    scene.received("PAD", "1")
    assert scene.set_aside("order") == {"PAD": (1, 0, 0)}


def test_what_becomes_free_goes_to_who_waits(scene, desk):
    scene.in_stock("PAD", "2")
    scene.booked("first", want("a", "PAD", "2"))
    scene.booked("waiting", want("b", "PAD", "2"))
    scene.cancelled("first")
    assert scene.set_aside(appointment="waiting") == {"PAD": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_a_superseded_part_is_used_up_before_its_successor_is_taken(scene):
    scene.in_stock("NEWER", "5")
    scene.catalogued("NEW", successor="NEWER")
    scene.catalogued("OLD", successor="NEW")
    scene.received("OLD", "2")
    scene.booked("first", want("a", "OLD", "2"))
    scene.booked("second", want("b", "OLD", "1"))
    assert scene.set_aside(appointment="first") == {"OLD": (2, 0, 0)}
    assert scene.set_aside(appointment="second") == {"NEWER": (1, 0, 0)}
    scene.assert_the_books_agree()


def test_one_owner_of_the_reservation_must_be_named(desk):
    with pytest.raises(Invalid):
        desk.ask(GetReservation())


def test_a_reservation_is_nobody_elses(scene, desk):
    scene.booked("appointment", want("a", "PAD", "2"))
    with pytest.raises(NotFound):
        desk.ask(GetReservation(appointment_id=an_id("appointment")), dealer="bj-chaoyang")
    assert desk.ask(ListReservations(), dealer="bj-chaoyang").items == []


def test_reservations_are_listed_page_by_page_each_once(scene, desk):
    for number in range(5):
        scene.booked(f"appointment {number}")
    found, cursor = [], None
    while True:
        page = desk.ask(ListReservations(state="open", cursor=cursor, limit=2))
        found += [one.appointment_id for one in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert sorted(found) == sorted(an_id(f"appointment {number}") for number in range(5))


def test_requests_without_a_quantity_reserve_nothing(scene):
    nothing = PartRequest(line_id=an_id("a"), part_number="PAD", quantity=Quantity(0))
    less = PartRequest(line_id=an_id("b"), part_number="PAD", quantity=Quantity(-5))
    scene.booked("appointment", nothing, less)
    assert scene.reservation(appointment="appointment").lines == []
