"""Reading a price file: every row against every rule."""

import pytest

from services.parts.catalogue.price_file import read, supersession_rules

HEADER = "part_number,name_zh,name_en,unit,list_price"
GOOD = "a1,片,pad,pc,12.50"


def bad(text, currency="CNY"):
    return [(one.row, one.field, one.rule) for one in read(text, currency).bad]


def a_file(*rows, header=HEADER):
    return "\n".join([header, *rows])


@pytest.mark.parametrize(
    "text",
    [
        a_file(GOOD),
        "\ufeff" + a_file(GOOD),
        a_file(GOOD).replace("\n", "\r\n"),
        a_file(GOOD, "", ""),
        a_file(GOOD) + "\n",
        a_file(" a1 , 片 ,pad,pc, 12.50 "),
        a_file("pc,A1,pad,12.50,片", header="Unit,PART_NUMBER, name_en ,list_price,name_zh"),
    ],
)
def test_files_that_mean_the_same_are_read_the_same(text):
    file = read(text, "CNY")
    assert file.bad == []
    assert file.parts == {"A1": {"number": "A1", "name_zh": "片", "name_en": "pad", "unit": "pc", "list_price_minor": 1250}}


@pytest.mark.parametrize(
    ("row", "field", "rule"),
    [
        (",片,pad,pc,1", "part_number", "required"),
        ("  ,片,pad,pc,1", "part_number", "required"),
        ("a,,pad,pc,1", "name_zh", "required"),
        ("a,片,pad,,1", "unit", "required"),
        ("a,片,pad,pc,", "list_price", "required"),
        ("a,片,pad,pc,1.005", "list_price", "too_many_decimals"),
        ("a,片,pad,pc,-1", "list_price", "not_an_amount"),
        ("a,片,pad,pc,1e3", "list_price", "not_an_amount"),
        ("a,片,pad,pc,¥1", "list_price", "not_an_amount"),
        ("a,片,pad,pc,NaN", "list_price", "not_an_amount"),
        ("a,片,pad,pc,１", "list_price", "not_an_amount"),
        ("a,片,pad,pc,99999999999", "list_price", "not_an_amount"),
        (f"{'a' * 41},片,pad,pc,1", "part_number", "too_long"),
        (f"a,{'片' * 121},pad,pc,1", "name_zh", "too_long"),
        ('a,片,"p\nad",pc,1', "name_en", "control_character"),
        ("a,片,p\x00ad,pc,1", "name_en", "control_character"),
        ("a,片,pad,pc,1,2", "row", "column_count"),
        ("a", "row", "column_count"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_its_rule(row, field, rule):
    assert bad(a_file(GOOD, row)) == [(3, field, rule)]


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("source", "copied", "not_one_of"),
        ("hazardous", "perhaps", "not_yes_or_no"),
        ("abc_class", "D", "not_one_of"),
        ("core_charge", "x", "not_an_amount"),
        ("successor", "a" * 41, "too_long"),
        ("successor", "A1", "supersession_cycle"),
    ],
)
def test_a_bad_optional_cell_is_named_too(column, cell, rule):
    assert bad(a_file(f"{GOOD},{cell}", header=f"{HEADER},{column}")) == [(2, column, rule)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("part_number,name_zh,name_en,unit", [(1, "list_price", "column_missing")]),
        (HEADER + ",colour", [(1, "colour", "column_unknown")]),
        (HEADER + ",", [(1, "column 6", "column_unknown")]),
        (HEADER + ",unit", [(1, "unit", "column_twice")]),
        (
            HEADER.replace(",", ";"),
            [(1, name, "column_missing") for name in HEADER.split(",")] + [(1, HEADER.replace(",", ";")[:40], "column_unknown")],
        ),
    ],
)
def test_a_wrong_header_is_named_before_any_row(header, expected):
    assert bad(a_file(GOOD, header=header)) == expected


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_misses_every_column(text):
    assert [rule for _, _, rule in bad(text)] == ["column_missing"] * 5


@pytest.mark.parametrize("text", [a_file(GOOD, 'a2,"片,pad,pc,1'), a_file(GOOD, f"a2,{'x' * 200_000},pad,pc,1")])
def test_what_is_no_csv_is_said_once(text):
    assert bad(text) == [(3, "file", "not_csv")]


def test_a_file_has_at_most_100000_rows():
    rows = [f"PN-{number},片,pad,pc,1" for number in range(100_001)]
    assert bad(a_file(*rows)) == [(100_002, "file", "too_many_rows")]
    assert bad(a_file(*rows[1:])) == []


def test_amounts_have_the_decimals_of_the_dealers_currency():
    assert bad(a_file("a,片,pad,pc,1.5"), "JPY") == [(2, "list_price", "too_many_decimals")]
    assert read(a_file("a,片,pad,pc,150"), "JPY").parts["A"]["list_price_minor"] == 150


def chains(*pairs, catalogue=()):
    rows = [f"{number},片,pad,pc,1,{successor}" for number, successor in pairs]
    file = read(a_file(*rows, header=HEADER + ",successor"), "CNY")
    assert file.bad == []
    return [(one.row, one.rule) for one in supersession_rules(file, dict(catalogue))]


def test_a_chain_that_ends_is_good_whatever_its_order():
    assert chains(("B", "C"), ("A", "B"), ("C", "")) == []


def test_every_row_of_a_cycle_is_named_and_no_row_that_only_leads_to_it():
    assert chains(("A", "B"), ("B", "C"), ("C", "A"), ("D", "A")) == [(row, "supersession_cycle") for row in (2, 3, 4)]


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
