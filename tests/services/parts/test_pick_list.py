"""What the parts clerk picks, in which order, from where; and how a scanner's text finds the part (Rules P1 and P3)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import NotFound, Refused
from contracts.parts.catalogue import ChangePart, ListParts
from contracts.parts.reservation import ListReservations
from contracts.parts.stock import GetPart
from contracts.parts.task import ListTasks
from tests.services.history import ANYBODY, Reading, grow
from tests.services.parts.facts import TOMORROW, an_id, want, yuan
from tests.services.parts.scene import a_part, installed
from tests.services.parts.test_importing import price_file

TONIGHT = TOMORROW - timedelta(hours=12)


def picked(desk, **filters):
    """The orders and appointments of the pick list, in its order."""
    return [one.work_order_id or one.appointment_id for one in desk.ask(ListReservations(**filters)).items]


def test_the_pick_list_says_of_each_line_what_is_wanted_where_it_lies_and_what_to_scan(scene, desk):
    scene.catalogued("PAD", barcode="690123-456", bin_location="a-03-2", unit="set")
    scene.received("PAD", "1")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"), want("other", "NOBODY-KNOWS", "1"), promised_at=TONIGHT)
    (entry,) = desk.ask(ListReservations(to_issue=True)).items
    assert (entry.order_number, entry.plate, entry.promised_at, entry.needed_at) == ("WO-1", "沪A12345", TONIGHT, TONIGHT)
    pad = next(line for line in entry.lines if line.part_number == "PAD")
    assert [str(one) for one in (pad.wanted, pad.reserved, pad.issued, pad.short)] == ["2.000", "1.000", "0.000", "1.000"]
    assert (pad.bin_location, pad.barcode, pad.unit, pad.name_zh) == ("A-03-2", "690123-456", "set", "配件 PAD")
    unknown = next(line for line in entry.lines if line is not pad)
    assert (unknown.bin_location, unknown.name_en) == (None, None)


def test_the_first_needed_comes_first_and_what_nobody_must_hand_out_is_left_out(scene, desk):
    """Bookings are pre-picked, not issued; an order of which everything is handed out, or nothing approved, waits for nobody."""
    scene.in_stock("PAD", "9")
    scene.booked("booking", want("a", "PAD", "1"))
    for order, promised_at in (("later", TOMORROW + timedelta(hours=5)), ("soon", TONIGHT), ("done", TONIGHT)):
        scene.opened(order)
        scene.approved(order, want(f"{order} line", "PAD", "1"), promised_at=promised_at)
    scene.opened("undecided")
    scene.issue("done", "done line", "1")
    assert picked(desk, to_issue=True) == [an_id("soon"), an_id("later")]
    assert picked(desk)[-2:] == [an_id("booking"), an_id("later")]
    first = desk.ask(ListReservations(to_issue=True, limit=1))
    second = desk.ask(ListReservations(to_issue=True, limit=1, cursor=first.next_cursor))
    assert [one.work_order_id for one in first.items + second.items] == [an_id("soon"), an_id("later")]
    assert desk.ask(ListReservations(to_issue=True), dealer="bj-chaoyang").items == []


@pytest.mark.parametrize("typed", ["690123456", " 690123-456", "６９０１２３４５６", "brk-1", "BRK 1"])
def test_a_part_is_found_by_its_number_or_barcode_as_a_scanner_types_it(scene, desk, typed):
    scene.catalogued("BRK-1", barcode="690123-456")
    assert desk.ask(GetPart(part_number=typed)).part_number == "BRK-1"
    with pytest.raises(NotFound):
        desk.ask(GetPart(part_number=typed), dealer="bj-chaoyang")


def test_a_scanned_part_shows_the_one_that_is_used_up_first(scene, desk):
    """Rule P1: also the label of the new part leads to the old stock."""
    scene.catalogued("NEW", barcode="4006381")
    scene.catalogued("OLD", successor="NEW")
    scene.received("OLD", "1")
    assert desk.ask(GetPart(part_number="4006381")).part_number == "OLD"
    assert desk.ask(GetPart(part_number="4006381", resolve=False)).part_number == "NEW"


def test_a_barcode_means_one_part_and_no_others_number(scene, desk):
    scene.catalogued("PAD", barcode="690123")
    scene.catalogued("OIL")
    for taken in ("690-123", "pad"):
        with pytest.raises(Refused, match="barcode_taken") as refusal:
            desk.do(a_part("DISC", barcode=taken))
        assert refusal.value.details == {"field": "barcode", "part_number": "PAD"}
    oil = scene.part("OIL")
    facts = {field: getattr(oil, field) for field in ("name_zh", "name_en", "unit", "list_price")}
    with pytest.raises(Refused, match="barcode_taken"):
        desk.do(ChangePart(part_id=oil.id, barcode="690123", **facts))
    assert desk.do(ChangePart(part_id=oil.id, barcode="OIL", bin_location="B-1", **facts)).barcode == "OIL"
    desk.do(a_part("DISC", barcode="690123"), dealer="bj-chaoyang")
    assert [part.part_number for part in desk.ask(ListParts(search="690 123")).items] == ["PAD"]


def test_a_price_file_leaves_bin_and_barcode_as_they_are(scene, desk):
    scene.catalogued("PAD", barcode="690123", bin_location="B-1")
    assert desk.do(price_file("PAD,12.00", header="part_number,list_price")).changed == 1
    pad = scene.part("PAD")
    assert (pad.barcode, pad.bin_location, pad.list_price) == ("690123", "B-1", yuan("12.00"))


def test_a_task_says_of_which_car_and_order_it_is(scene, desk):
    scene.in_stock("PAD", "1")
    scene.booked("booking", want("a", "PAD", "1"))
    scene.delivered("order", installed("line", "PAD", "2"))
    tasks = {one.kind: (one.order_number, one.plate) for one in desk.ask(ListTasks(state="open")).items}
    assert tasks == {"shortage": ("WO-1", "沪A12345"), "reservation_short": (None, "沪A12345")}


@pytest.mark.new_database
def test_the_pick_list_costs_the_same_however_many_orders_were_delivered(scene, desk):
    scene.in_stock("PAD", "9")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"), promised_at=TONIGHT)
    before = Reading(desk, ListReservations(to_issue=True)).rows
    grow(desk, "reservation", 2_000, state="'delivered'", work_order_id=ANYBODY)
    assert picked(desk, to_issue=True) == [an_id("order")]
    assert Reading(desk, ListReservations(to_issue=True)).rows == before
