"""Importing price files, and what is published of them (Rule P1)."""

import base64

import pytest
from sqlalchemy import event

from chassis.wire.errors import NotFound
from contracts.parts.catalogue import ImportPriceList
from contracts.parts.events import PriceListPublished
from tests.services.parts.facts import yuan

HEADER = "part_number,name_zh,name_en,unit,list_price"


def price_file(*rows, header=HEADER):
    return ImportPriceList(file=base64.b64encode("\r\n".join([header, *rows, ""]).encode()).decode())


def bad_rows(report):
    assert report.imported is False
    return [(one.row, one.field, one.rule) for one in report.bad_rows]


def test_a_price_file_is_taken_over_as_a_whole_and_published(scene, desk):
    header = "\ufeff" + HEADER + ",source,core_charge,hazardous,successor,abc_class"
    report = desk.do(price_file("a,片,pad,pc,12.50,oem,3,yes,b,A", 'b,油,"oil, 5W",L,8.5,,,no,,', header=header))
    assert (report.imported, report.rows, report.created, report.changed, report.edition) == (True, 2, 2, 0, 1)
    part = scene.part("A", resolve=False)
    assert (part.list_price, part.core_charge, part.source, part.hazardous, part.successor, part.abc_class) == (
        yuan("12.50"),
        yuan("3"),
        "oem",
        True,
        "B",
        "A",
    )
    (fact,) = desk.announced(PriceListPublished)
    assert {one.part_number: (one.name_en, one.successor) for one in fact.parts} == {"A": ("pad", "B"), "B": ("oil, 5W", None)}


def test_importing_the_same_file_again_changes_nothing_and_tells_it_again(scene, desk):
    """Rule A8: repeating an import repairs. Who missed an edition, or could not read it, has the parts then."""
    desk.do(price_file("a,片,pad,pc,12.50"))
    report = desk.do(price_file("A,片,pad,pc,12.5"))
    assert (report.imported, report.created, report.changed, report.unchanged, report.edition) == (True, 0, 0, 1, 2)
    assert scene.part("A").version == 1
    assert [fact.parts for fact in desk.announced(PriceListPublished)] == [desk.announced(PriceListPublished)[0].parts] * 2


def test_every_part_of_a_file_is_published_and_the_version_of_those_that_changed_rises(scene, desk):
    desk.do(price_file("a,片,pad,pc,12.50", "b,油,oil,L,8.50"))
    report = desk.do(price_file("a,片,pad,pc,13", "b,油,oil,L,8.50", "c,灯,lamp,pc,1"))
    assert (report.created, report.changed, report.unchanged, report.edition) == (1, 1, 1, 2)
    assert [one.part_number for one in desk.announced(PriceListPublished)[-1].parts] == ["A", "B", "C"]
    assert (scene.part("A").version, scene.part("B").version) == (2, 1)


def test_a_file_that_spells_a_number_its_own_way_means_the_part_of_the_catalogue(scene, desk):
    """Rule A4: 06A-115-561 B and 06a115561b are one part, whoever typed it."""
    desk.do(price_file("06A-115-561 B,滤清器,filter,pc,12.50"))
    report = desk.do(price_file("06a115561b,滤清器,filter,pc,13", "new,灯,lamp,pc,1"))
    assert (report.created, report.changed) == (1, 1)
    assert scene.part("06A-115-561 B").list_price == yuan("13")


def test_prices_alone_change_parts_that_are_known(scene, desk):
    desk.do(price_file("a,片,pad,pc,12.50"))
    report = desk.do(price_file("a,13", header="零件号,价格"))
    assert (report.imported, report.changed) == (True, 1)
    assert (scene.part("A").list_price, scene.part("A").name_zh) == (yuan("13"), "片")
    assert bad_rows(desk.do(price_file("b,1", header="零件号,价格")))[0] == (2, "name_zh", "needed_for_a_new_part")


def test_an_absent_column_keeps_and_an_empty_cell_clears(scene, desk):
    desk.do(price_file("b,片,pad,pc,1,A,", "a,片,pad,pc,1,A,b", header=HEADER + ",abc_class,successor"))
    desk.do(price_file("a,片,pad,pc,2"))
    assert (scene.part("A", resolve=False).abc_class, scene.part("A", resolve=False).successor) == ("A", "B")
    desk.do(price_file("a,片,pad,pc,2,", header=HEADER + ",successor"))
    assert (scene.part("A").abc_class, scene.part("A").successor) == ("A", None)


def test_one_bad_row_and_nothing_is_taken_over_but_every_bad_row_is_named(scene, desk):
    report = desk.do(price_file("a,片,pad,pc,12.50", ",片,pad,pc,1.234", "c,片,pad,pc", "a,片,pad,pc,-1"))
    assert bad_rows(report) == [
        (3, "part_number", "required"),
        (3, "list_price", "too_many_decimals"),
        (4, "row", "column_count"),
        (5, "list_price", "not_an_amount"),
        (5, "part_number", "twice_in_file"),
    ]
    with pytest.raises(NotFound):
        scene.part("A")
    assert desk.announced(PriceListPublished) == []


def test_supersession_is_checked_against_file_and_catalogue(scene, desk):
    scene.catalogued("C")
    scene.catalogued("B", successor="C")
    report = desk.do(
        price_file("c,片,pad,pc,1,d", "d,片,pad,pc,1,b", "e,片,pad,pc,1,x", "f,片,pad,pc,1,c", header=HEADER + ",successor")
    )
    assert bad_rows(report) == [
        (2, "successor", "supersession_cycle"),
        (3, "successor", "supersession_cycle"),
        (4, "successor", "successor_unknown"),
    ]


def test_a_big_price_file_is_imported_as_a_set_and_published_in_chunks_of_500(desk):
    """10,000 rows, a thousand a statement: one statement per row would be two hundred times as many."""
    sent = []

    @event.listens_for(desk.executor.engine, "before_cursor_execute")
    def count(connection, cursor, statement, parameters, *rest):
        sent.append(1 if isinstance(parameters, dict) else len(parameters))

    rows = [f"PN-{number:06},零件 {number},part {number},pc,{number % 1000}.50" for number in range(10_000)]
    report = desk.do(price_file(*rows))
    assert (report.created, report.edition) == (10_000, 1)
    assert sum(sent) < 100
    facts = desk.announced(PriceListPublished)
    assert [(fact.chunk, fact.chunks, len(fact.parts)) for fact in facts] == [(n, 20, 500) for n in range(1, 21)]


def test_the_other_dealers_catalogue_is_untouched(scene, desk):
    desk.do(price_file("a,片,pad,pc,12.50"))
    desk.do(price_file("a,片,pad,pc,99"), dealer="bj-chaoyang")
    assert scene.part("A").list_price == yuan("12.50")
    assert [fact.edition for fact in desk.announced(PriceListPublished)] == [1, 1]
