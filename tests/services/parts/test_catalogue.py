"""The catalogue, and what is published of it (Rule P1)."""

import base64

import pytest

from chassis.wire.errors import Invalid, NotFound, PreconditionFailed, Refused
from chassis.wire.values import Money, Quantity
from contracts.parts.catalogue import ChangePart, CreatePart, ImportPriceList, ListParts
from contracts.parts.events import PriceListPublished
from contracts.parts.stock import GetPart
from tests.services.parts.facts import yuan
from tests.services.parts.scene import a_part


def test_a_part_is_created_normalised_and_published_as_an_edition(scene, desk):
    part = desk.do(a_part(" ab-1 ", core_charge=yuan("5.00"), hazardous=True, abc_class="A"))
    assert (part.part_number, part.version, part.core_charge, part.hazardous) == ("AB-1", 1, yuan("5.00"), True)
    (fact,) = desk.announced(PriceListPublished)
    assert (fact.edition, fact.chunk, fact.chunks) == (1, 1, 1)
    assert [(one.part_number, one.list_price) for one in fact.parts] == [("AB-1", yuan("20.00"))]


def test_a_changed_part_is_published_in_the_next_edition(scene, desk):
    part = desk.do(a_part("A"))
    changed = desk.do(ChangePart(part_id=part.id, name_zh="片", name_en="pad", unit="set", list_price=yuan("30")), if_match=1)
    assert (changed.version, changed.list_price, changed.part_number) == (2, yuan("30"), "A")
    assert [fact.edition for fact in desk.announced(PriceListPublished)] == [1, 2]
    with pytest.raises(PreconditionFailed):
        desk.do(ChangePart(part_id=part.id, name_zh="片", name_en="pad", unit="set", list_price=yuan("30")), if_match=1)


def test_a_number_is_taken_once_per_dealer(scene, desk):
    scene.catalogued("A")
    with pytest.raises(Refused, match="part_number_taken"):
        scene.catalogued(" a")
    scene.catalogued("A", dealer="bj-chaoyang")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"list_price": Money.of("1", "EUR")}, "wrong_currency"),
        ({"core_charge": Money.of("1", "EUR")}, "wrong_currency"),
        ({"successor": "NOBODY-KNOWS"}, "successor_unknown"),
    ],
)
def test_what_a_part_may_not_say_is_refused_by_name(scene, facts, code):
    with pytest.raises(Refused, match=code):
        scene.catalogued("A", **facts)


def test_a_blank_number_is_invalid(scene):
    with pytest.raises(Invalid):
        scene.catalogued("  ")


def test_a_superseded_number_finds_its_final_successor_and_its_stock(scene):
    scene.in_stock("C", "4", cost="12.34")
    scene.catalogued("B", successor="c")
    scene.catalogued("A", successor="B")
    part = scene.part("a")
    assert (part.part_number, part.asked_for, part.on_hand) == ("C", "A", Quantity.of("4"))
    assert scene.part("a", resolve=False).successor == "B"


def test_successors_may_not_come_back(scene, desk):
    scene.catalogued("C")
    scene.catalogued("B", successor="C")
    with pytest.raises(Refused, match="supersession_cycle"):
        desk.do(ChangePart(part_id=scene.part("C").id, name_zh="c", name_en="c", unit="pc", list_price=yuan("1"), successor="B"))
    with pytest.raises(Refused, match="supersession_cycle"):
        desk.do(ChangePart(part_id=scene.part("C").id, name_zh="c", name_en="c", unit="pc", list_price=yuan("1"), successor="c"))


def test_the_average_cost_follows_the_receipts(scene):
    scene.in_stock("A", "1", cost="10.00")
    scene.received("A", "2", cost="10.10")
    assert scene.part("A").average_cost == yuan("10.07")


def test_nobody_knows_what_the_catalogue_does_not(scene, desk):
    with pytest.raises(NotFound):
        scene.part("NOBODY-KNOWS")
    scene.catalogued("A")
    with pytest.raises(NotFound):
        desk.ask(GetPart(part_number="A"), dealer="bj-chaoyang")


def test_the_list_of_parts_says_what_there_is_of_each(scene, desk):
    """Rule P2: on hand and available; of a part that never moved nothing."""
    scene.catalogued("AA-1")
    scene.in_stock("AA-2", "5")
    listed = {one.part_number: one for one in desk.ask(ListParts(search="aa-")).items}
    assert (listed["AA-1"].on_hand, listed["AA-1"].available) == (Quantity(0), Quantity(0))
    assert (listed["AA-2"].on_hand, listed["AA-2"].available) == (Quantity(5_000), Quantity(5_000))


def test_parts_are_found_by_number_or_name_page_by_page(scene, desk):
    scene.catalogued("AA-1", "AA-2", "AA-3", "B_%")
    page = desk.ask(ListParts(search="aa-", limit=2))
    rest = desk.ask(ListParts(search="aa-", limit=2, cursor=page.next_cursor))
    assert [one.part_number for one in page.items + rest.items] == ["AA-3", "AA-2", "AA-1"]
    assert [one.part_number for one in desk.ask(ListParts(search="件 B_")).items] == ["B_%"]
    assert desk.ask(ListParts(search="%")).items == desk.ask(ListParts(search="part b_%")).items
    with pytest.raises(Invalid):
        desk.ask(ListParts(search="b", cursor=page.next_cursor))


@pytest.mark.parametrize("typed", ["qianshachepian", "qscp", "QSCP", "scp", "Front Brake", "frontbrake", "前刹车"])
def test_a_part_is_found_by_its_names_however_they_are_typed(desk, typed):
    """Rule A5: by the rule that finds customers; Chinese names also by pinyin, whole or by initials."""
    names = {"unit": "pc", "list_price": yuan("1.00")}
    desk.do(CreatePart(part_number="PAD-1", name_zh="前刹车片", name_en="Front brake pads", **names))
    desk.do(CreatePart(part_number="OIL-1", name_zh="机油", name_en="Engine oil", **names))
    assert [one.part_number for one in desk.ask(ListParts(search=typed)).items] == ["PAD-1"]


def test_an_imported_part_is_found_by_pinyin_too(desk):
    """Rule A5."""
    rows = "part_number,list_price,name_zh,name_en,unit\nPAD-1,1.00,前刹车片,Front brake pads,pc\n"
    desk.do(ImportPriceList(file=base64.b64encode(rows.encode()).decode()))
    assert [one.part_number for one in desk.ask(ListParts(search="qscp")).items] == ["PAD-1"]
