"""Receipts from suppliers and corrections of the record (Rule P2)."""

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Money, Quantity
from contracts.parts.receiving import CorrectStock, ReceiptLine, ReceiveStock
from contracts.parts.stock import ListMoves
from tests.services.parts.facts import want, yuan


def correct(desk, source, target, quantity="1", number="PAD", **how):
    return desk.do(
        CorrectStock(
            part_number=number, quantity=Quantity.of(quantity), from_location=source, to_location=target, reason="counted"
        ),
        **how,
    )


def test_received_parts_come_from_the_supplier_into_the_bin(scene, desk):
    scene.catalogued("PAD")
    receipt = scene.received("pad", "4.5", reference="GR-1")
    assert (receipt.reference, receipt.lines[0].part_number, receipt.received_by) == ("GR-1", "PAD", "wang")
    assert scene.balance("PAD") == {"supplier": -4.5, "bin": 4.5}
    (move,) = desk.ask(ListMoves(part_number="pad")).items
    assert (move.kind, move.from_location, move.to_location, move.document_id) == ("received", "supplier", "bin", receipt.id)
    scene.assert_the_books_agree()


def test_a_suppliers_document_is_booked_once(scene):
    scene.catalogued("PAD")
    scene.received("PAD", "4", reference="GR-1")
    with pytest.raises(Refused, match="receipt_booked_already"):
        scene.received("PAD", "4", reference="GR-1")
    assert scene.balance("PAD") == {"supplier": -4, "bin": 4}


def test_a_part_nobody_knows_is_not_received(scene):
    with pytest.raises(Refused, match="part_unknown"):
        scene.received("NOBODY-KNOWS", "1")
    assert scene.balance("NOBODY-KNOWS") == {}


def test_cost_in_another_currency_is_refused_and_nothing_is_received(scene, desk):
    scene.catalogued("PAD")
    lines = [
        ReceiptLine(part_number="PAD", quantity=Quantity.of("1"), unit_cost=cost) for cost in (yuan("1"), Money.of("1", "EUR"))
    ]
    with pytest.raises(Refused, match="wrong_currency"):
        desk.do(ReceiveStock(reference="GR-1", supplier="SAIC", lines=lines))
    assert scene.balance("PAD") == {}


def test_what_is_counted_in_pieces_comes_whole_and_what_is_measured_does_not(desk, scene):
    """Rule P2: half a brake pad is a slip of the pen, half a litre of oil is not; received or corrected."""
    scene.catalogued("PAD", unit="个")
    scene.catalogued("OIL", unit="L")
    for number, whole in (("PAD", False), ("OIL", True)):
        line = ReceiptLine(part_number=number, quantity=Quantity.of("1.5"), unit_cost=yuan("1"))
        told = ReceiveStock(reference=f"GR-{number}", supplier="SAIC", lines=[line])
        fix = CorrectStock(
            part_number=number, quantity=Quantity.of("0.5"), from_location="discrepancy", to_location="bin", reason="found"
        )
        for asked, field in ((told, "lines.0.quantity"), (fix, "quantity")):
            if whole:
                desk.do(asked)
            else:
                with pytest.raises(Invalid) as refused:
                    desk.do(asked)
                assert list(refused.value.details["errors"]) == [field]


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000.001"])
def test_a_quantity_that_is_none_is_invalid(scene, quantity):
    scene.catalogued("PAD")
    with pytest.raises(Invalid):
        scene.received("PAD", quantity)


def test_a_correction_is_a_move_with_its_reason(scene, desk):
    scene.in_stock("PAD", "4")
    move = correct(desk, "bin", "scrap", "1.5")
    assert (move.kind, move.reason, move.moved_by) == ("corrected", "counted", "wang")
    correct(desk, "scrap", "bin", "0.5")
    correct(desk, "discrepancy", "bin", "2")
    assert scene.balance("PAD") == {"supplier": -4, "bin": 5, "scrap": 1, "discrepancy": -2}
    scene.assert_the_books_agree()


def test_what_is_found_goes_to_who_waits(scene, desk):
    scene.catalogued("PAD")
    scene.booked("appointment", want("a", "PAD", "1"))
    correct(desk, "discrepancy", "bin")
    assert scene.set_aside(appointment="appointment") == {"PAD": (1, 0, 0)}


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (("bin", "bin", "1"), "same_location"),
        (("scrap", "discrepancy", "1"), "bin_not_involved"),
        (("bin", "scrap", "4.001"), "not_enough_stock"),
        (("scrap", "bin", "0.001"), "not_enough_stock"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_name(scene, desk, move, code):
    scene.in_stock("PAD", "4")
    with pytest.raises(Refused, match=code):
        correct(desk, *move)
    scene.assert_the_books_agree()


def test_the_other_dealers_part_is_unknown(scene, desk):
    scene.in_stock("PAD", "4")
    with pytest.raises(Refused, match="part_unknown"):
        correct(desk, "bin", "scrap", dealer="bj-chaoyang")
