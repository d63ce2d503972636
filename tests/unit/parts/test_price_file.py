"""Reading a price file (Rule P1): its columns, and the rules that its rows keep together."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.wire.errors import Invalid
from contracts.files import TableFile
from contracts.parts.catalogue import CreatePart
from contracts.parts.events import PriceEntry, PriceListPublished
from services.parts.catalogue.importing import _entries
from services.parts.catalogue.price_file import as_catalogued, catalogue_rules, facts, read_prices

HEADER = "part_number,name_zh,name_en,unit,list_price"
GOOD = "a1,片,pad,pc,12.50"


def a_file(*rows, header=HEADER):
    return "\n".join([header, *rows])


def read(text, currency="CNY", **options):
    return read_prices(TableFile(file=base64.b64encode(text.encode()).decode(), **options), currency)


def bad(text, currency="CNY"):
    return [(one.row, one.field, one.rule) for one in read(text, currency).bad]


@pytest.mark.parametrize(
    "text",
    [
        a_file(" a1 , 片 ,pad,pc, 12.50 "),
        a_file("pc,A1,pad,12.50,片", header="Unit,PART_NUMBER, name_en ,list_price,name_zh"),
        a_file("A1,片,pad,pc,12.5", header="零件编号,名称,英文名称,单位,价格"),
        a_file(f"{GOOD},cny", header=f"{HEADER},币种"),
    ],
)
def test_files_that_mean_the_same_are_read_the_same(text):
    file = read(text)
    assert file.bad == []
    meant = {"number": "A1", "name_zh": "片", "name_en": "pad", "unit": "pc", "list_price_minor": 1250, "currency": "CNY"}
    assert facts(file.rows, "CNY") == {"A1": meant}


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        ("  ,片,pad,pc,1", "part_number", "required"),
        ("a,片,pad,pc,99999999999", "list_price", "more_than_a_line"),
        (f"{'a' * 41},片,pad,pc,1", "part_number", "length_between"),
        (f"{'ß' * 21},片,pad,pc,1", "part_number", "length_between"),
        (f"a,{'片' * 121},pad,pc,1", "name_zh", "length_between"),
        ("a,片,p\x00ad,pc,1", "name_en", "control_characters"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_its_rule(row, field, rule):
    """By the contract's own fields: what a command may not say, a file may not."""
    assert bad(a_file(GOOD, row)) == [(3, field, rule)]


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("source", "copied", "not_one_of"),
        ("hazardous", "perhaps", "not_one_of"),
        ("abc_class", "D", "not_one_of"),
        ("core_charge", "x", "not_an_amount"),
        ("successor", "a" * 41, "length_between"),
        ("currency", "USD", "not_one_of"),
    ],
)
def test_a_bad_optional_cell_is_named_too(column, cell, rule):
    assert bad(a_file(f"{GOOD},{cell}", header=f"{HEADER},{column}")) == [(2, column, rule)]


def test_amounts_have_the_decimals_of_the_dealers_currency():
    assert bad(a_file("a,片,pad,pc,1.5"), "JPY") == [(2, "list_price", "too_many_decimals")]
    assert facts(read(a_file("a,片,pad,pc,150"), "JPY").rows, "JPY")["A"]["list_price_minor"] == 150


@pytest.mark.parametrize("text", ["文件", "\u202e", "\u3000", "a", "a=b="])
def test_a_file_that_is_no_base64_is_refused_by_field(text):
    with pytest.raises(Invalid) as refused:
        read_prices(TableFile(file=text), "CNY")
    assert refused.value.details["errors"] == {"file": ["not_base64"]}


def test_two_spellings_of_a_number_are_one_part():
    assert bad(a_file("06A-115-561 B,片,pad,pc,1", "０6a115561b,片,pad,pc,1")) == [(3, "part_number", "twice_in_file")]


def test_headers_are_named_for_fields_that_a_price_file_has():
    with pytest.raises(Invalid) as refused:
        read(a_file(GOOD), columns={"part_number": "A", "colour": "B"})
    assert list(refused.value.details["errors"]) == ["columns.colour"]


CELL = st.text(st.characters(codec="utf-8"), max_size=130)
CAPITALS = st.text("ßŉǰΐaﬃ片-", min_size=15, max_size=41)


@settings(max_examples=200)
@given(number=CAPITALS | CELL, name=CELL, unit=CELL, price=st.decimals(0, 10**13, places=2).map(str))
def test_what_a_file_may_say_its_event_can_carry(number, name, unit, price):
    """Rule A8: at every bound of every column, the price list that is published can be read."""
    cells = ['"' + cell.replace('"', '""') + '"' for cell in (number, name, name, unit, price)]
    file = read(a_file(",".join(cells)))
    if not file.bad_total:
        parts = list(
            _entries(
                {**part, "successor": part["number"], "core_charge_minor": 0, "source": "genuine"}
                for part in facts(file.rows, "CNY").values()
            )
        )
        assert all(isinstance(part, PriceEntry) for part in parts)
        PriceListPublished(edition=1, chunk=1, chunks=1, parts=parts).check()
        CreatePart.load({"part_number": parts[0].part_number, **_as_a_command(parts[0])})


def _as_a_command(part):
    said = part.dump()
    return {name: said[name] for name in ("name_zh", "name_en", "unit", "list_price", "successor")}


def chains(*pairs, catalogue=()):
    rows = [f"{number},片,pad,pc,1,{successor}" for number, successor in pairs]
    file = read(a_file(*rows, header=HEADER + ",successor"))
    assert file.bad == []
    as_catalogued(file, dict(catalogue))
    catalogue_rules(file, dict(catalogue))
    return [(one.row, one.rule) for one in file.bad]


def test_a_chain_that_ends_is_good_whatever_its_order():
    assert chains(("B", "C"), ("A", "B"), ("C", "")) == []


def test_every_row_of_a_cycle_is_named_and_no_row_that_only_leads_to_it():
    assert chains(("A", "B"), ("B", "C"), ("C", "A"), ("D", "A")) == [(row, "supersession_cycle") for row in (2, 3, 4)]


def test_a_part_does_not_replace_itself_however_it_is_spelt():
    assert chains(("A-1", "a1"), ("B", "A1")) == [(2, "supersession_cycle")]


def test_a_cycle_through_the_catalogue_is_found():
    assert chains(("C", "A"), catalogue={"A": "B", "B": "C", "C": None}.items()) == [(2, "supersession_cycle")]


def test_a_file_may_break_a_link_of_the_catalogue_and_close_it_elsewhere():
    assert chains(("A", ""), ("B", "A"), catalogue={"A": "B", "B": None}.items()) == []


def test_a_successor_nobody_knows_is_named():
    assert chains(("A", "X"), ("B", "C"), catalogue={"C": None}.items()) == [(2, "successor_unknown")]


def test_a_chain_of_100000_links_is_walked_once():
    numbers = [f"N{number}" for number in range(100_000)]
    catalogue = dict(zip(numbers, [*numbers[1:], None], strict=True))
    assert chains((numbers[-1], ""), catalogue=catalogue.items()) == []


def test_names_and_unit_are_needed_of_new_parts_only():
    """A feed of prices alone can be imported for parts that are known."""
    file = read("part_number,list_price\nA,1\nB,2")
    catalogue_rules(file, {"A": None})
    assert [(one.row, one.field, one.rule) for one in file.bad] == [
        (3, name, "needed_for_a_new_part") for name in ("name_zh", "name_en", "unit")
    ]
