"""The list of short parts: who waits for what, and by when (Rule P3)."""

from datetime import timedelta

from contracts.parts.reservation import ListShortParts
from tests.services.parts.facts import TOMORROW, an_id, want

TONIGHT = TOMORROW - timedelta(hours=12)


def short(desk, **query):
    """(order number, promised time, {part: short}) of those who wait, in the list's order."""
    items = desk.ask(ListShortParts(**query)).items
    return [(one.order_number, one.promised_at, {line.part_number: str(line.short) for line in one.lines}) for one in items]


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


def test_it_is_read_page_by_page_and_by_nobody_else(scene, desk):
    for number in range(3):
        scene.booked(f"appointment {number}", want("a", "PAD", "1"))
    page = desk.ask(ListShortParts(limit=2))
    rest = desk.ask(ListShortParts(limit=2, cursor=page.next_cursor))
    assert {one.appointment_id for one in page.items + rest.items} == {an_id(f"appointment {number}") for number in range(3)}
    assert desk.ask(ListShortParts(), dealer="bj-chaoyang").items == []
