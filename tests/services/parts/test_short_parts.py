"""The list of short parts: who waits for what, and by when (Rule P3)."""

from datetime import timedelta

import pytest

from contracts.parts.reservation import GetReservation, ListShortParts
from contracts.parts.special_order import ExpectSpecialOrder, ListSpecialOrders
from contracts.workshop.promise_events import PromiseRevised
from tests.services.history import ANYBODY, Reading, grow
from tests.services.parts.facts import TOMORROW, an_id, want

TONIGHT = TOMORROW - timedelta(hours=12)


def short(desk, **query):
    """(order number, promised time, {part: short}) of those who wait, in the list's order."""
    items = desk.ask(ListShortParts(**query)).items
    return [(one.order_number, one.promised_at, {line.part_number: str(line.short) for line in one.lines}) for one in items]


def promised(desk, at, *, sequence):
    """The customer was told another time."""
    told = {"told_how": "phone", "told_at": desk.clock.now(), "told_late": False, "promise_answer": "agreed"}
    fact = PromiseRevised(work_order_id=an_id("order"), promised_at=at, **told)
    desk.hear(fact, subject=an_id("order"), sequence=sequence)


def test_who_waits_is_listed_with_order_plate_and_promised_time_the_first_needed_first(scene, desk):
    scene.in_stock("PAD", "1")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"), want("oil line", "OIL", "4"), promised_at=TONIGHT)
    first, second = desk.ask(ListShortParts()).items
    assert (first.work_order_id, first.plate, first.order_number) == (an_id("order"), "沪A12345", "WO-1")
    assert (first.promised_at, first.needed_at) == (TONIGHT, TONIGHT)
    assert (second.appointment_id, second.promised_at, second.needed_at) == (an_id("appointment"), None, TOMORROW)
    assert short(desk) == [("WO-1", TONIGHT, {"PAD": "1.000", "OIL": "4.000"}), (None, None, {"PAD": "1.000"})]
    assert short(desk, part_number=" oil") == [("WO-1", TONIGHT, {"OIL": "4.000"})]


def test_who_has_everything_or_wants_nothing_any_more_is_not_listed(scene, desk):
    scene.catalogued("PAD")
    for order in ("filled", "void"):
        scene.opened(order)
        scene.approved(order, want(f"{order} line", "PAD", "1"))
        desk.pass_time(minutes=1)
    assert len(short(desk)) == 2
    scene.voided("void")
    scene.received("PAD", "1")
    assert short(desk) == []


def test_an_order_keeps_its_appointments_time_until_one_is_promised_and_the_newest_promise_counts(scene, desk):
    scene.booked("appointment", want("a", "PAD", "1"))
    scene.opened("order", "appointment")
    assert [one.needed_at for one in desk.ask(ListShortParts()).items] == [TOMORROW]
    scene.approved("order", want("line", "PAD", "1"), appointment="appointment", promised_at=TONIGHT)
    scene.approved("order", want("line", "PAD", "1"), appointment="appointment", sequence=3)
    assert short(desk) == [("WO-1", TONIGHT, {"PAD": "1.000"})]


def test_another_promised_time_is_heard_of_and_of_two_the_later_one_counts_however_they_come(scene, desk):
    """Rules W18, P3: what waits is needed by the time that the customer was told last."""
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"), promised_at=TONIGHT)
    desk.pass_time(hours=1)
    promised(desk, TOMORROW, sequence=2)
    assert short(desk) == [("WO-1", TOMORROW, {"PAD": "1.000"})]
    desk.pass_time(minutes=-5)
    promised(desk, TONIGHT, sequence=1)
    scene.approved("order", want("line", "PAD", "2"), promised_at=TONIGHT, sequence=3)
    assert short(desk) == [("WO-1", TOMORROW, {"PAD": "2.000"})]
    desk.pass_time(minutes=10)
    scene.approved("order", want("line", "PAD", "2"), promised_at=TONIGHT, sequence=4)
    assert short(desk) == [("WO-1", TONIGHT, {"PAD": "2.000"})]


def test_of_what_is_short_it_is_said_whether_it_is_on_order_and_for_which_day(scene, desk):
    """Rules B6, W6: in the lists of who waits and in the order's reservation; of what the order adds itself nobody knows when."""
    scene.catalogued("PAD", "OIL")
    scene.booked("appointment", want("a", "PAD", "2"))
    [waiting] = desk.ask(ListShortParts()).items
    assert [(one.on_order, one.expected_on) for one in waiting.lines] == [(True, None)]
    scene.opened("order", "appointment")
    [ordered] = desk.ask(ListSpecialOrders()).items
    day = TOMORROW.date()
    desk.do(ExpectSpecialOrder(special_order_id=ordered.id, expected_on=day))
    scene.approved("order", want("line", "PAD", "2"), want("oil line", "OIL", "1"), appointment="appointment")
    where = {"PAD": (True, day), "OIL": (True, None)}
    [waiting] = desk.ask(ListShortParts()).items
    assert {one.part_number: (one.on_order, one.expected_on) for one in waiting.lines} == where
    held = desk.ask(GetReservation(work_order_id=an_id("order")))
    assert {one.part_number: (one.on_order, one.expected_on) for one in held.lines} == where
    scene.received("PAD", "2")
    held = desk.ask(GetReservation(work_order_id=an_id("order")))
    assert {one.part_number: one.expected_on for one in held.lines} == {"PAD": None, "OIL": None}


def test_it_is_read_page_by_page_and_by_nobody_else(scene, desk):
    for number in range(3):
        scene.booked(f"appointment {number}", want("a", "PAD", "1"))
    page = desk.ask(ListShortParts(limit=2))
    rest = desk.ask(ListShortParts(limit=2, cursor=page.next_cursor))
    assert {one.appointment_id for one in page.items + rest.items} == {an_id(f"appointment {number}") for number in range(3)}
    assert desk.ask(ListShortParts(), dealer="bj-chaoyang").items == []


@pytest.mark.new_database
def test_the_list_costs_the_same_however_many_orders_were_delivered(scene, desk):
    """Rules P3, W22: what was short once and is over is not gone through."""
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"), promised_at=TONIGHT)
    few = [Reading(desk, query) for query in (ListShortParts(), ListShortParts(part_number="PAD"))]
    copy = "md5({}::text || n)::uuid"
    grow(desk, "reservation", 2_000, id=copy.format("one.id"), state="'delivered'", work_order_id=ANYBODY)
    grow(desk, "reservation_line", 2_000, reservation_id=copy.format("one.reservation_id"))
    for query, was in zip((ListShortParts(), ListShortParts(part_number="PAD")), few, strict=True):
        now = Reading(desk, query)
        assert (len(now.answer.items), now.statements) == (1, was.statements)
        assert now.rows <= was.rows + 5
