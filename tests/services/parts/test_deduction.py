"""Deliveries take parts off stock once per revision, and reversals give them back (Rules P3, W15)."""

import pytest
from sqlalchemy import text

from chassis.wire.values import Quantity
from contracts.parts.deduction import ListDeductions
from contracts.parts.events import DeductionUndone, StockDeducted
from contracts.parts.receiving import CorrectStock
from contracts.parts.stock import ListMoves
from contracts.parts.task import ListTasks
from tests.services.parts.facts import VISIT, an_id, want
from tests.services.parts.scene import installed, labour


def tasks(desk, state="open"):
    items = desk.ask(ListTasks(state=state)).items
    return {(one.kind, one.part_number, float(one.quantity.decimal)) for one in items}


def an_issued_order(scene, *, stock="5", issued="2"):
    scene.in_stock("PAD", stock)
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"))
    if issued != "0":
        scene.issue("order", "line", issued)


def test_what_was_issued_goes_from_work_in_progress_to_the_customer(scene, desk):
    an_issued_order(scene)
    scene.delivered("order", labour(), installed("line", "pad ", "2"))
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    (fact,) = desk.announced(StockDeducted)
    (part,) = fact.deductions
    assert (fact.revision, part.line_id, part.part_number) == (1, an_id("line"), "PAD")
    assert (part.on_hand_before, part.on_hand_after, part.short) == (Quantity.of("5"), Quantity.of("3"), Quantity.of("0"))
    assert desk.envelopes()[-1]["correlationid"] == VISIT
    assert tasks(desk) == set()
    scene.assert_the_books_agree()


def test_what_was_not_issued_comes_from_the_bin_and_its_reservation_ends(scene):
    an_issued_order(scene, issued="1")
    scene.delivered("order", installed("line", "PAD", "2"))
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    assert scene.reservation("order").state == "delivered"
    assert scene.part("PAD").reserved == Quantity.of("0")
    scene.assert_the_books_agree()


def test_a_shortage_never_blocks_the_rest_is_a_discrepancy_and_a_task(scene, desk):
    an_issued_order(scene, stock="1", issued="1")
    scene.delivered("order", installed("line", "PAD", "3"))
    assert scene.balance("PAD") == {"supplier": -1, "discrepancy": -2, "customer": 3}
    assert desk.announced(StockDeducted)[0].deductions[0].short == Quantity.of("2")
    assert tasks(desk) == {("shortage", "PAD", 2.0)}
    scene.assert_the_books_agree()


def test_a_part_nobody_knows_is_deducted_from_discrepancy(scene, desk):
    scene.delivered("order", installed("line", "nobody-knows", "1.5"))
    assert scene.balance("NOBODY-KNOWS") == {"discrepancy": -1.5, "customer": 1.5}
    assert tasks(desk) == {("shortage", "NOBODY-KNOWS", 1.5)}
    scene.assert_the_books_agree()


def test_an_order_of_labour_only_is_deducted_too(scene, desk):
    scene.delivered("order", labour())
    assert [fact.deductions for fact in desk.announced(StockDeducted)] == [[]]


def test_surplus_in_work_raises_a_task_that_its_return_settles(scene, desk):
    an_issued_order(scene)
    scene.delivered("order", installed("line", "PAD", "1"))
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "wip": 1, "customer": 1}
    assert tasks(desk) == {("return_surplus", "PAD", 1.0)}
    scene.take_back("order", "line", "1")
    assert tasks(desk) == set()
    assert scene.balance("PAD") == {"supplier": -5, "bin": 4, "customer": 1}
    scene.assert_the_books_agree()


def test_parts_issued_to_another_line_of_the_order_are_used_before_the_bin(scene):
    scene.in_stock("PAD", "5")
    scene.opened("order")
    scene.approved("order", want("front", "PAD", "2"), want("rear", "PAD", "2"))
    scene.issue("order", "front", "2")
    scene.delivered("order", installed("rear", "PAD", "2"))
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}


@pytest.mark.parametrize("purged", [False, True])
def test_a_delivery_received_twice_is_deducted_once(scene, desk, purged):
    """Also after the inbox is purged and under another message id: the deduction is there already."""
    an_issued_order(scene)
    scene.delivered("order", installed("line", "PAD", "2"), times=2)
    if purged:
        with desk.executor.sessions() as session:
            session.execute(text("DELETE FROM inbox"))
            session.commit()
        scene.delivered("order", installed("line", "PAD", "2"))
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    assert len(desk.announced(StockDeducted)) == 1
    assert len(desk.ask(ListDeductions(work_order_id=an_id("order"))).items) == 1
    scene.assert_the_books_agree()


def test_a_reversal_makes_the_parts_work_in_progress_again_and_pays_the_discrepancy_back(scene, desk):
    an_issued_order(scene, stock="1", issued="1")
    scene.delivered("order", installed("line", "PAD", "3"))
    scene.reversed("order", times=2)
    scene.reversed("order")  # and again under another message id
    assert scene.balance("PAD") == {"supplier": -1, "wip": 1}
    assert len(desk.announced(DeductionUndone)) == 1
    assert tasks(desk) == set()
    assert tasks(desk, "withdrawn") == {("shortage", "PAD", 2.0)}
    (deduction,) = desk.ask(ListDeductions(work_order_id=an_id("order"))).items
    assert deduction.undone_at == desk.clock.now()
    scene.assert_the_books_agree()


def test_a_redelivery_deducts_from_work_in_progress_again(scene, desk):
    an_issued_order(scene, issued="0")
    scene.delivered("order", installed("line", "PAD", "2"))
    scene.reversed("order")
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "wip": 2}
    assert scene.reservation("order").state == "open"
    scene.delivered("order", installed("line", "PAD", "2"), revision=2)
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    assert [one.revision for one in desk.ask(ListDeductions(work_order_id=an_id("order"))).items] == [2, 1]
    scene.assert_the_books_agree()


def test_an_unapproved_part_that_was_deducted_is_work_in_progress_after_the_reversal(scene):
    scene.in_stock("PAD", "5")
    scene.delivered("order", installed("line", "PAD", "2"))
    scene.reversed("order")
    scene.delivered("order", installed("line", "PAD", "2"), revision=2)
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    scene.assert_the_books_agree()


def test_a_reversal_before_its_delivery_waits(scene, desk):
    an_issued_order(scene)
    scene.reversed("order")
    assert [(one.subscriber, one.kind) for one in desk.parked()] == [("parts.undo_deduction", "early")]
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "wip": 2}


def test_a_redelivery_before_the_reversal_waits(scene, desk):
    an_issued_order(scene)
    scene.delivered("order", installed("line", "PAD", "2"))
    scene.delivered("order", installed("line", "PAD", "2"), revision=2)
    assert [(one.subscriber, one.kind) for one in desk.parked()] == [("parts.deduct_stock", "early")]
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}


def test_a_delivery_received_first_ends_what_is_received_later(scene, desk):
    """Delivered, then the approval, then the opening: nothing is reserved for an order that has left."""
    scene.in_stock("PAD", "5")
    scene.booked("appointment", want("a", "PAD", "2"))
    scene.delivered("order", installed("line", "PAD", "2"))
    scene.approved("order", want("line", "PAD", "2"), appointment="appointment")
    scene.opened("order", "appointment")
    assert scene.balance("PAD") == {"supplier": -5, "bin": 3, "customer": 2}
    assert scene.part("PAD").reserved == Quantity.of("0")
    assert scene.reservation(appointment="appointment").state == "moved"
    scene.assert_the_books_agree()


@pytest.mark.parametrize("line", [installed("line", None, "1"), installed("line", "PAD", None), installed("line", " ", "1")])
def test_a_part_line_that_breaks_the_contract_is_a_dead_letter_with_the_reason(scene, desk, line):
    scene.delivered("order", line)
    ((kind, reason),) = [(one.kind, one.reason) for one in desk.parked()]
    assert kind == "dead"
    assert "quantity" in reason or "part_number" in reason


def test_what_a_delivery_sets_free_goes_to_who_waits(scene):
    scene.in_stock("PAD", "2")
    scene.opened("order")
    scene.approved("order", want("line", "PAD", "2"))
    scene.opened("other")
    scene.approved("other", want("other line", "PAD", "2"))
    assert scene.set_aside("other") == {"PAD": (0, 0, 2)}
    scene.delivered("order", installed("line", "PAD", "1"))
    assert scene.set_aside("other") == {"PAD": (1, 0, 1)}
    scene.assert_the_books_agree()


def test_a_discrepancy_is_cleared_by_a_correction(scene, desk):
    scene.in_stock("PAD", "5")
    scene.catalogued("OLD")
    scene.delivered("order", installed("line", "OLD", "1"))
    scene.received("OLD", "1")
    desk.do(
        CorrectStock(
            part_number="old", quantity=Quantity.of("1"), from_location="bin", to_location="discrepancy", reason="was on the car"
        )
    )
    assert scene.balance("OLD") == {"supplier": -1, "customer": 1}


def test_the_ledger_of_an_order_shows_every_move_newest_first(scene, desk):
    an_issued_order(scene)
    scene.delivered("order", installed("line", "PAD", "2"))
    scene.reversed("order")
    kinds = [one.kind for one in desk.ask(ListMoves(work_order_id=an_id("order"))).items]
    assert kinds == ["undone", "deducted", "issued"]


def test_another_dealer_sees_nothing_of_it(scene, desk):
    an_issued_order(scene)
    scene.delivered("order", installed("line", "PAD", "3"))
    assert desk.ask(ListDeductions(work_order_id=an_id("order")), dealer="bj-chaoyang").items == []
    assert desk.ask(ListTasks(), dealer="bj-chaoyang").items == []
    assert desk.ask(ListMoves(work_order_id=an_id("order")), dealer="bj-chaoyang").items == []
    assert scene.balance("PAD", dealer="bj-chaoyang") == {}
