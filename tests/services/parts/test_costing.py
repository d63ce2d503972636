"""What parts cost (Rule P2): value travels with the pieces, and what is taken back leaves no trace in the average."""

import pytest
from sqlalchemy import select

from chassis.wire.errors import Refused
from chassis.wire.values import Quantity
from contracts.parts.receiving import ListReceipts
from contracts.parts.stock import ListMoves
from services.parts.stock.balance import StockBalance
from tests.services.parts.facts import want
from tests.services.parts.scene import installed


def worth(scene, number="PAD"):
    """What lies where is worth, in minor units: only locations worth something."""
    rows = scene.desk.rows(lambda session: session.scalars(select(StockBalance).where(StockBalance.part_number == number)).all())
    return {row.location: row.value_milli / 1000 for row in rows if row.value_milli}


def an_order(scene, name, quantity="10"):
    scene.opened(name)
    scene.approved(name, want(f"{name} line", "PAD", quantity))


def test_a_reversed_delivery_brings_its_parts_back_at_what_they_cost(scene):
    """Rule P2: 10 at 30 delivered, 10 at 50 received, the delivery reversed: 40."""
    scene.in_stock("PAD", "10", "30.00")
    an_order(scene, "order")
    scene.delivered("order", installed("order line", "PAD", "10"))
    assert scene.cost("PAD") is None
    scene.received("PAD", "10", "50.00")
    assert scene.cost("PAD") == "50.00"
    scene.reversed("order")
    assert scene.cost("PAD") == "40.00"
    scene.delivered("order", installed("order line", "PAD", "10"), revision=2)
    assert worth(scene) == {"supplier": -80_000, "bin": 50_000, "customer": 30_000}
    scene.assert_the_books_agree()


def test_each_reversed_delivery_brings_back_its_own_parts_cost(scene):
    """Not what customers' parts cost on average: the one that cost 30 comes back with 30, whatever else was sold since."""
    scene.in_stock("PAD", "10", "30.00")
    an_order(scene, "first")
    scene.delivered("first", installed("first line", "PAD", "10"))
    scene.received("PAD", "10", "50.00")
    an_order(scene, "second")
    scene.delivered("second", installed("second line", "PAD", "10"))
    scene.reversed("first")
    assert scene.cost("PAD") == "30.00"
    assert worth(scene) == {"supplier": -80_000, "wip": 30_000, "customer": 50_000}
    scene.assert_the_books_agree()


def test_a_receipt_that_is_undone_leaves_no_trace_in_the_cost(scene, desk):
    """Rule P2: 100 at 99 typed by mistake, and undone."""
    scene.in_stock("PAD", "10", "30.00")
    wrong = scene.received("PAD", "100", "99.00", reference="DN-7")
    assert scene.cost("PAD") == "92.73"
    undone = scene.undone(wrong)
    assert (undone.undone_by, undone.undone_reason, undone.undone_at) == ("wang", "typed wrong", desk.clock.now())
    assert (scene.cost("PAD"), scene.balance("PAD")) == ("30.00", {"supplier": -10, "bin": 10})
    move = desk.ask(ListMoves(part_number="PAD")).items[0]
    assert (move.kind, move.from_location, move.to_location, move.reason) == ("receipt_undone", "bin", "supplier", "typed wrong")
    scene.received("PAD", "100", "9.90", reference="DN-7")  # the document can be booked again, rightly
    with pytest.raises(Refused, match="receipt_booked_already"):
        scene.received("PAD", "100", "9.90", reference="DN-7")
    scene.assert_the_books_agree()


def test_an_undone_first_receipt_leaves_a_part_without_a_cost(scene):
    scene.catalogued("PAD")
    scene.undone(scene.received("PAD", "100", "99.00"))
    assert scene.cost("PAD") is None
    scene.received("PAD", "1", "7.00")
    assert scene.cost("PAD") == "7.00"


def test_what_left_at_a_wrong_cost_is_restated_when_the_receipt_is_undone(scene, desk):
    """Rule P2: five pieces were delivered while the wrong receipt stood; they and what is left cost 30, as if it had not."""
    scene.in_stock("PAD", "10", "30.00")
    wrong = scene.received("PAD", "100", "99.00")
    an_order(scene, "order", "5")
    scene.issue("order", "order line", "5")
    scene.delivered("order", installed("order line", "PAD", "5"))
    scene.undone(wrong)
    assert scene.cost("PAD") == "30.00"
    assert worth(scene) == {"supplier": -30_000, "bin": 15_000, "customer": 15_000}
    kinds = [one.kind for one in desk.ask(ListMoves(part_number="PAD")).items]
    assert kinds == ["receipt_undone", "revalued", "revalued", "deducted", "issued", "received", "received"]
    scene.reversed("order")
    assert worth(scene) == {"supplier": -30_000, "bin": 15_000, "wip": 15_000}
    scene.assert_the_books_agree()


def test_two_wrong_receipts_undone_one_after_the_other_leave_no_trace(scene):
    scene.in_stock("PAD", "10", "30.00")
    first = scene.received("PAD", "100", "99.00")
    an_order(scene, "order", "5")
    scene.issue("order", "order line", "5")
    second = scene.received("PAD", "50", "0.01")
    scene.corrected("PAD", "1", "bin", "scrap")
    scene.undone(first)
    scene.undone(second)
    assert scene.cost("PAD") == "30.00"
    assert worth(scene) == {"supplier": -30_000, "bin": 12_000, "wip": 15_000, "scrap": 3_000}
    scene.assert_the_books_agree()


def test_a_receipt_whose_parts_were_used_cannot_be_undone(scene):
    """By name, also when others of the same part lie in the bin by now."""
    scene.catalogued("PAD")
    used = scene.received("PAD", "10", "30.00")
    an_order(scene, "order", "4")
    scene.issue("order", "order line", "4")
    for _ in range(2):
        with pytest.raises(Refused, match="receipt_parts_gone"):
            scene.undone(used)
        scene.received("PAD", "10", "50.00")
    assert scene.balance("PAD") == {"supplier": -30, "bin": 26, "wip": 4}
    scene.assert_the_books_agree()


def test_a_receipt_is_undone_once(scene):
    scene.catalogued("PAD")
    receipt = scene.received("PAD", "10", "30.00")
    scene.undone(receipt)
    with pytest.raises(Refused, match="receipt_undone_already"):
        scene.undone(receipt)
    assert scene.balance("PAD") == {}


def test_parts_that_go_back_to_their_supplier_go_at_the_price_they_came_at(scene, desk):
    """Rule P2: a move from the bin to the supplier with reason and document; the average is that of the rest."""
    scene.in_stock("PAD", "10", "30.00")
    receipt = scene.received("PAD", "10", "50.00")
    (move,) = scene.sent_back(receipt, "pad", "4", reference="RMA-1").items
    assert (move.kind, move.from_location, move.to_location) == ("sent_back", "bin", "supplier")
    assert (move.reason, move.reference, move.document_id, str(move.value.amount)) == (
        "wrong part",
        "RMA-1",
        receipt.id,
        "200.00",
    )
    assert scene.cost("PAD") == "37.50"
    with pytest.raises(Refused, match="beyond_received"):
        scene.sent_back(receipt, "PAD", "6.001")
    scene.sent_back(receipt, "PAD", "6")
    assert (scene.cost("PAD"), scene.balance("PAD")) == ("30.00", {"supplier": -10, "bin": 10})
    scene.assert_the_books_agree()


def test_undoing_a_receipt_takes_back_only_what_has_not_gone_back_yet(scene):
    scene.in_stock("PAD", "10", "30.00")
    receipt = scene.received("PAD", "10", "50.00")
    scene.sent_back(receipt, "PAD", "4")
    scene.undone(receipt)
    assert (scene.cost("PAD"), scene.balance("PAD")) == ("30.00", {"supplier": -10, "bin": 10})
    with pytest.raises(Refused, match="receipt_undone_already"):
        scene.sent_back(receipt, "PAD", "1")
    scene.assert_the_books_agree()


def test_a_return_is_booked_once_under_its_document_however_often_it_is_typed(scene):
    """Rules P4, A7: the same one again answers the first, another quantity is refused, another document is another return."""
    scene.catalogued("PAD")
    receipt = scene.received("PAD", "10")
    first = scene.sent_back(receipt, "PAD", "2", reference="RMA-1")
    assert scene.sent_back(receipt, "pad", "2", reference="ｒma 1") == first
    with pytest.raises(Refused, match="return_booked_already"):
        scene.sent_back(receipt, "PAD", "3", reference="RMA-1")
    scene.sent_back(receipt, "PAD", "2", reference="RMA-2")
    other = scene.received("PAD", "5")
    scene.sent_back(other, "PAD", "2", reference="RMA-1")
    assert scene.balance("PAD") == {"supplier": -9, "bin": 9}


def test_what_is_counted_away_and_found_again_costs_what_it_cost(scene):
    scene.in_stock("PAD", "10", "30.00")
    scene.corrected("PAD", "10", "bin", "discrepancy")
    scene.received("PAD", "10", "50.00")
    scene.corrected("PAD", "10", "discrepancy", "bin")
    assert scene.cost("PAD") == "40.00"
    scene.corrected("PAD", "5", "discrepancy", "bin")  # nobody knows where from: as dear as the others
    assert scene.cost("PAD") == "40.00"
    scene.assert_the_books_agree()


def test_what_no_record_explains_goes_at_the_cost_of_the_others_and_comes_back_with_it(scene):
    scene.in_stock("PAD", "1", "30.00")
    an_order(scene, "order", "3")
    scene.delivered("order", installed("order line", "PAD", "3"))
    assert worth(scene) == {"supplier": -3_000, "discrepancy": -6_000, "customer": 9_000}
    scene.reversed("order")
    assert worth(scene) == {"supplier": -3_000, "wip": 3_000}
    scene.assert_the_books_agree()


def test_receipts_worth_more_than_can_be_kept_are_refused(scene):
    scene.catalogued("PAD")
    with pytest.raises(Refused, match="stock_value_too_high"):
        scene.received("PAD", "1000000", "1000000000.00")
    scene.received("PAD", "1", "1000000000.00")


def test_two_suppliers_documents_of_one_number_are_two_receipts(scene, desk):
    """Rule P4: the key contains its issuer, however the name is typed."""
    scene.catalogued("PAD")
    scene.received("PAD", "1", reference="5", supplier="SAIC")
    scene.received("PAD", "1", reference="5", supplier="Bosch")
    with pytest.raises(Refused, match="receipt_booked_already"):
        scene.received("PAD", "1", reference=" ５", supplier=" ｓａｉｃ ")
    assert [one.supplier for one in desk.ask(ListReceipts(reference="5")).items] == ["Bosch", "SAIC"]
    assert [one.supplier for one in desk.ask(ListReceipts(supplier="saic")).items] == ["SAIC"]


def test_on_hand_is_one_thing_bin_and_work_in_progress(scene):
    """Rule P2: what the look-up shows before a delivery is what the deduction says it was."""
    scene.in_stock("PAD", "5")
    an_order(scene, "order", "3")
    scene.issue("order", "order line", "2")
    part = scene.part("PAD")
    assert [str(one) for one in (part.on_hand, part.in_bin, part.reserved, part.available)] == [
        "5.000",
        "3.000",
        "1.000",
        "2.000",
    ]
    scene.delivered("order", installed("order line", "PAD", "2"))
    assert scene.part("PAD").on_hand == Quantity.of("3")
