"""The stocktake: bins are frozen, counted blind, counted again by somebody else where it differs (Rules P6, P14)."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from chassis.wire.errors import Invalid, NotFound, Refused
from chassis.wire.values import Quantity
from contracts.parts.stocktaking import (
    CountedCode,
    CountParts,
    GetCountSheet,
    GetStocktake,
    ListDifferences,
    ListStocktakes,
    OpenStocktake,
)
from contracts.parts.stocktaking_events import StocktakeCancelled, StocktakeOpened
from tests.services.parts.facts import want
from tests.services.parts.scene import installed
from tests.services.parts.stocktakes import Count, lies_at
from tests.services.parts.test_suppliers import offer, register


def test_what_lies_in_the_zone_is_on_the_sheet_by_place_and_nothing_says_how_much(desk, scene):
    """Rule P6: blind. A zone A has the places A and A-…, no AB; what lies nowhere is not counted."""
    lies_at(scene, "PAD", "A-02")
    lies_at(scene, "DISC", "A-01")
    lies_at(scene, "OIL", "AB-1")
    scene.catalogued("NONE", bin_location="A-03")
    count = Count(desk, zone="a")
    assert count.sheet() == [("DISC", False), ("PAD", False)]
    [opened] = desk.announced(StocktakeOpened)
    assert (opened.number, opened.zone, opened.parts) == ("ST-2026-000001", "A", 2)
    told = desk.ask(GetCountSheet(stocktake_id=count.id)).dump()
    assert not {"booked", "quantity", "on_hand", "in_bin"} & set(told["items"][0])
    answer = count.counted(("PAD", "3")).dump()
    assert set(answer) == {"items", "left"}
    assert set(answer["items"][0]) == {"part_number", "name_zh", "name_en", "bin_location", "quantity"}


def test_the_whole_store_is_counted_with_what_has_no_place(desk, scene):
    """Rule P6."""
    scene.in_stock("PAD", "1")
    lies_at(scene, "DISC", "A-1")
    assert {number for number, _ in Count(desk).sheet()} == {"PAD", "DISC"}


def test_there_must_be_something_to_count(desk, scene):
    """Rule P6."""
    scene.catalogued("PAD", bin_location="A-1")
    with pytest.raises(Refused, match="nothing_to_count"):
        Count(desk, zone="A")


def test_a_frozen_bin_is_not_counted_a_second_time(desk, scene):
    """Rule P6: by another stocktake; nothing of that one is left."""
    lies_at(scene, "PAD", "A-1")
    lies_at(scene, "DISC", "B-1")
    Count(desk, zone="A-1")
    with pytest.raises(Refused, match="bins_frozen_already") as refused:
        Count(desk)
    assert refused.value.details == {"part_number": "PAD", "stocktake": "ST-2026-000001"}
    assert len(desk.ask(ListStocktakes()).items) == 1
    assert Count(desk, zone="B").stands() == ("counting", 0, 1, 0)


def test_nothing_moves_in_a_frozen_bin(desk, scene):
    """Rule P6: neither received, undone, sent back, issued, returned nor corrected; other bins are free, and all may reserve."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "B-1", "5")
    receipt = scene.received("PAD", "5")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"), want("other", "DISC", "1"))
    scene.issue("order", "line", "1")
    count = Count(desk, zone="A")
    for move in (
        lambda: scene.received("PAD", "1"),
        lambda: scene.undone(receipt),
        lambda: scene.sent_back(receipt, "PAD", "1"),
        lambda: scene.issue("order", "line", "1"),
        lambda: scene.take_back("order", "line", "1"),
        lambda: scene.corrected("PAD", "1", "bin", "scrap"),
        lambda: scene.corrected("PAD", "1", "discrepancy", "bin"),
    ):
        with pytest.raises(Refused, match="bin_frozen") as refused:
            move()
        assert refused.value.details == {"part_number": "PAD", "stocktake": "ST-2026-000001"}
    scene.issue("order", "other", "1")
    scene.booked("monday", want("a", "PAD", "1"))
    assert scene.set_aside(appointment="monday")["PAD"] == (1, 0, 0)
    count.cancelled()
    scene.issue("order", "line", "1")
    scene.assert_the_books_agree()


def test_what_a_delivery_takes_from_a_frozen_bin_is_a_fact_and_the_part_is_counted_again(desk, scene):
    """Rules P3, P6: the line says so; whoever counted it before may count it now."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "5"))
    assert count.stands() == ("counting", 1, 0, 0)
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"))
    scene.delivered("order", installed("line", "PAD", "1"))
    assert count.stands() == ("counting", 0, 0, 1)
    assert count.sheet() == [("PAD", True)]
    with pytest.raises(Refused, match="still_counting"):
        count.approved()
    count.counted(("PAD", "4"))
    assert count.approved().differing == 0
    assert scene.balance("PAD") == {"supplier": -5, "bin": 4, "customer": 1}


def test_what_differs_is_counted_again_by_somebody_else_until_two_agree(desk, scene):
    """Rule P6: who counted it last does not count it next, and does not find it on their sheet."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "3"), by="sun")
    assert count.sheet("sun") == []
    assert count.sheet("li") == [("PAD", True)]
    assert desk.ask(GetCountSheet(stocktake_id=count.id), actor="sun").for_others == 1
    with pytest.raises(Refused, match="counted_by_you"):
        count.counted(("PAD", "3"), by="sun")
    count.counted(("PAD", "4"), by="li")
    assert count.stands() == ("counting", 0, 0, 1)
    count.counted(("PAD", "4"), by="sun")
    assert count.stands() == ("counting", 1, 0, 0)
    assert count.differences() == [("PAD", 5, 4, -1, "-10.00")]
    [one] = desk.ask(ListDifferences(stocktake_id=count.id)).items
    assert [(told.counted_by, float(told.quantity.decimal)) for told in one.counts] == [("sun", 3), ("li", 4), ("sun", 4)]


def test_a_second_count_that_is_what_the_books_say_settles_it(desk, scene):
    """Rule P6."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "3"), by="sun")
    count.counted(("PAD", "5"), by="li")
    assert count.stands() == ("counting", 1, 0, 0)
    assert count.differences() == []


def test_what_is_found_after_a_part_was_settled_makes_it_counted_again(desk, scene):
    """Rule P6: by somebody else than counted it last."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "5"), by="sun")
    with pytest.raises(Refused, match="counted_by_you"):
        count.counted(("PAD", "6"), by="sun")
    count.counted(("PAD", "6"), by="li")
    assert count.stands() == ("counting", 0, 0, 1)


def test_nobody_sees_what_differs_while_something_is_left_to_count(desk, scene):
    """Rule P6: the counter never sees the book figure."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "A-2", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "3"), by="sun")
    count.counted(("PAD", "3"), by="li")
    with pytest.raises(Refused, match="still_counting") as refused:
        count.differences()
    assert refused.value.details == {"number": "ST-2026-000001", "count": 1}
    one = desk.ask(GetStocktake(stocktake_id=count.id))
    assert (one.differing, one.missing, one.found) == (None, None, None)


def test_parts_are_counted_by_what_is_scanned(desk, scene):
    """Rule P14: our number, a barcode, a supplier's number; one that was scanned at two places is added up."""
    lies_at(scene, "PAD", "A-1", "5", barcode="690123")
    supplier = register(desk)
    offer(desk, supplier)  # S-1 is a PAD
    count = Count(desk, zone="A")
    answer = count.counted(("690123", "2"), ("p a d", "1"), ("s-1", "2"))
    assert [(one.part_number, float(one.quantity.decimal)) for one in answer.items] == [("PAD", 5)]
    assert (answer.left, count.stands()) == (0, ("counting", 1, 0, 0))


def test_a_suppliers_number_that_means_two_parts_means_none(desk, scene):
    """Rule P14: a wrong scan is refused, and nothing of its batch is taken down."""
    lies_at(scene, "PAD", "A-1")
    lies_at(scene, "DISC", "A-2")
    offer(desk, register(desk, "ONE"))
    offer(desk, register(desk, "TWO"), "DISC")
    count = Count(desk, zone="A")
    for code in ("S-1", "NOBODY"):
        with pytest.raises(Refused, match="part_unknown") as refused:
            count.counted(("PAD", "5"), (code, "1"))
        assert refused.value.details == {"field": "lines.1.code", "part_number": code}
    assert count.stands() == ("counting", 0, 2, 0)


def test_a_count_is_nothing_or_more_and_pieces_are_whole(desk, scene):
    """Bad input names its field."""
    lies_at(scene, "PAD", "A-1", unit="个")
    count = Count(desk, zone="A")
    with pytest.raises((Invalid, ValidationError)):
        desk.do(CountParts(stocktake_id=count.id, lines=[CountedCode(code="PAD", quantity=Quantity(-1000))]))
    with pytest.raises(Invalid) as refused:
        count.counted(("PAD", "0.5"))
    assert list(refused.value.details["errors"]) == ["lines.0.quantity"]
    count.counted(("PAD", "0"))
    assert count.stands() == ("counting", 0, 0, 1)


def test_a_batch_is_taken_down_once_however_late_it_comes_again(desk, scene):
    """Rule P6: a phone that was out of reach sends it again; other counts under its key are refused."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    first = count.counted(("PAD", "5"), batch="phone-1")
    assert count.counted(("PAD", "5"), batch="phone-1") == first
    with pytest.raises(Refused, match="batch_counted_already"):
        count.counted(("PAD", "4"), batch="phone-1")
    count.approved()
    assert count.counted(("PAD", "5"), batch="phone-1").items == first.items
    with pytest.raises(Refused, match="stocktake_not_open"):
        count.counted(("PAD", "5"), batch="phone-2")


def test_what_a_phone_counted_before_a_delivery_is_counted_again(desk, scene):
    """Rules P6, P14: it comes late and says when it counted; a device's clock is little ahead, and not before the freeze."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    desk.pass_time(minutes=1)
    counted_at = desk.clock.now()
    desk.pass_time(minutes=1)
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "1"))
    scene.delivered("order", installed("line", "PAD", "1"))
    desk.pass_time(minutes=1)
    for amount in ("5", "4"):  # whether the piece was there is not known
        count.counted(("PAD", amount), by=f"who found {amount}", counted_at=counted_at)
        assert count.stands() == ("counting", 0, 0, 1)
    for wrong in (desk.clock.now() + timedelta(minutes=6), counted_at - timedelta(hours=1)):
        with pytest.raises(Invalid) as refused:
            count.counted(("PAD", "4"), by="sun", counted_at=wrong)
        assert list(refused.value.details["errors"]) == ["counted_at"]
    count.counted(("PAD", "4"), by="sun", counted_at=desk.clock.now() + timedelta(seconds=2))
    assert count.stands() == ("counting", 1, 0, 0)


def test_what_is_found_in_the_zone_joins_the_sheet_and_what_lies_elsewhere_does_not(desk, scene):
    """Rule P6: though the books know of none; from then on it is frozen, too."""
    lies_at(scene, "PAD", "A-1", "5")
    lies_at(scene, "DISC", "B-1", "5")
    scene.catalogued("NUT", bin_location="A-9")
    count = Count(desk, zone="A")
    with pytest.raises(Refused, match="not_in_stocktake") as refused:
        count.counted(("DISC", "1"))
    assert refused.value.details == {"part_number": "DISC", "place": "B-1"}
    scene.catalogued("BOLT")
    with pytest.raises(Refused, match="no_place_noted") as refused:
        count.counted(("BOLT", "1"))
    assert refused.value.details == {"part_number": "BOLT"}
    count.counted(("NUT", "2"), by="sun")
    assert count.stands() == ("counting", 0, 1, 1)
    with pytest.raises(Refused, match="bin_frozen"):
        scene.received("NUT", "1")
    count.counted(("NUT", "2"), by="li")
    count.counted(("PAD", "5"), by="sun")
    count.approved()
    assert scene.balance("NUT") == {"bin": 2, "discrepancy": -2}
    scene.assert_the_books_agree()


def test_a_cancelled_stocktake_books_nothing_and_frees_its_bins(desk, scene):
    """Rule P6."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    count.counted(("PAD", "3"))
    count.cancelled()
    assert [one.state for one in desk.announced(StocktakeCancelled)] == ["cancelled"]
    assert count.sheet("li") == []
    assert count.differences() == []
    with pytest.raises(Refused, match="stocktake_not_open"):
        count.cancelled()
    with pytest.raises(Refused, match="stocktake_not_open"):
        count.approved()
    scene.received("PAD", "1")
    assert scene.balance("PAD")["bin"] == 6


def test_no_other_dealer_sees_a_stocktake(desk, scene):
    """By id or list; the same places are not frozen there."""
    lies_at(scene, "PAD", "A-1", "5")
    count = Count(desk, zone="A")
    with pytest.raises(NotFound):
        desk.ask(GetStocktake(stocktake_id=count.id), dealer="bj-chaoyang")
    assert desk.ask(ListStocktakes(), dealer="bj-chaoyang").items == []
    scene.catalogued("PAD", dealer="bj-chaoyang", bin_location="A-1")
    scene.received("PAD", "1", dealer="bj-chaoyang")
    desk.do(OpenStocktake(), dealer="bj-chaoyang")
