"""Rule A4: a part is found under its number however that is typed; what the catalogue calls it stays as it was spelled first."""

import pytest

from chassis.wire.errors import NotFound, Refused
from chassis.wire.values import Quantity
from contracts.parts.catalogue import ListParts
from contracts.parts.events import PriceListPublished
from contracts.parts.receiving import ListReceipts
from contracts.parts.reservation import ListShortParts
from contracts.parts.stock import ListMoves
from tests.services.parts.facts import want
from tests.services.parts.scene import a_part

CATALOGUED = ("21029627", "2102-9627")


@pytest.mark.parametrize(("number", "typed"), [CATALOGUED, CATALOGUED[::-1], ("BP-4401", "ｂｐ 44\u201101")])
def test_every_door_finds_the_part(scene, desk, number, typed):
    """Catalogue, successors, receipts, corrections, returns, look-ups: none makes a second part of another spelling."""
    scene.catalogued(number)
    with pytest.raises(Refused, match="part_number_taken"):
        scene.catalogued(typed)
    scene.catalogued("OLD", successor=typed)
    assert scene.part("OLD", resolve=False).successor == number
    receipt = scene.received(typed, "4")
    assert receipt.lines[0].part_number == number
    scene.corrected(typed, "1", "bin", "discrepancy")
    scene.sent_back(receipt, typed, "1")
    assert (scene.part(typed).part_number, scene.part(typed).on_hand) == (number, Quantity.of("2"))
    assert {move.part_number for move in desk.ask(ListMoves(part_number=typed)).items} == {number}
    assert len(desk.ask(ListMoves(part_number=typed)).items) == 3
    assert [part.part_number for part in desk.ask(ListParts(search=typed)).items] == [number]


@pytest.mark.parametrize(("number", "typed"), [CATALOGUED, CATALOGUED[::-1]])
def test_a_booking_and_an_order_get_the_part(scene, desk, number, typed):
    scene.in_stock(number, "3")
    scene.booked("appointment", want("a", typed, "2"))
    assert scene.set_aside(appointment="appointment") == {number: (2, 0, 0)}
    scene.opened("order", appointment="appointment")
    scene.approved("order", want("line", number, "4"), appointment="appointment")
    assert scene.set_aside("order") == {number: (3, 0, 1)}
    (waiting,) = desk.ask(ListShortParts(part_number=typed)).items
    assert waiting.lines[0].part_number == number
    scene.assert_the_books_agree()


def test_who_waited_for_a_part_before_the_catalogue_had_it_gets_it(scene, desk):
    """Booking knows no catalogue: it may be asked for a part that is entered later, in another spelling."""
    scene.booked("appointment", want("a", "2102 9627", "2"))
    scene.catalogued("2102-9627")
    desk.hear(desk.announced(PriceListPublished)[-1])
    scene.received("21029627", "5")
    assert scene.set_aside(appointment="appointment") == {"2102-9627": (2, 0, 0)}
    scene.assert_the_books_agree()


def test_two_spellings_of_a_suppliers_document_are_one_receipt(scene, desk):
    """And it is shown as it was typed first."""
    scene.catalogued("PAD")
    scene.received("PAD", "1", reference="DN-2026/7", supplier="SAIC")
    with pytest.raises(Refused, match="receipt_booked_already"):
        scene.received("PAD", "1", reference="dn 2026/7", supplier="SAIC")
    assert [one.reference for one in desk.ask(ListReceipts(reference="DN2026/7")).items] == ["DN-2026/7"]


def test_other_letters_are_another_part(scene, desk):
    desk.do(a_part("BP-4401"))
    with pytest.raises(NotFound):
        scene.part("BP-4402")
    scene.catalogued("BP-44.01")
