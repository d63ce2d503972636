"""Rule A9: workbooks are read like CSV, and what a spreadsheet did to a number is refused by name."""

import io
import time
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.files.sending import bad, book, reading, rows

HEADER = ["零件号", "名称", "价格"]


def test_a_workbook_is_read_like_a_csv():
    data = book([HEADER, ["A1", "刹车片", 12.5], [None, None, None], [1234, "油", "8,50"], ["C", "x"]])
    assert rows(data) == [("A1", "刹车片", "12.50 CNY"), ("1234", "油", "8.50 CNY"), ("C", "x", "None")]
    assert reading(data).sheet == "Sheet1"


def test_another_sheet_can_be_named():
    data = book([["nothing"]], [HEADER, ["A1", "片", 1]])
    assert rows(data, sheet="Sheet2") == [("A1", "片", "1.00 CNY")]
    assert bad(data, sheet="Prices") == [(1, "", "file", "sheet_unknown")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([date(2026, 3, 2), "x", 1], [(2, "A", "number", "became_a_date")]),
        ([10**15, "x", 1], [(2, "A", "number", "digits_lost")]),
        ([1e-7, "x", 1], [(2, "A", "number", "spreadsheet_number")]),
        (["#REF!", "x", 1], [(2, "A", "number", "spreadsheet_error")]),
        (["a", "x", 12.345], [(2, "C", "price", "too_many_decimals")]),
        (["a", "x", -1], [(2, "C", "price", "not_an_amount")]),
        (["a", "x", 1, None, "stray"], [(2, "E", "row", "cell_without_column")]),
        ([None, "x"], [(2, "A", "number", "required")]),
    ],
)
def test_what_is_bad_is_named_with_row_column_and_code(cells, expected):
    assert bad(book([HEADER, cells])) == expected


def test_numbers_are_those_the_spreadsheet_shows():
    """Without the arithmetic of machines, and with the zeros that the cell's format puts in front."""
    data = book([HEADER, [12, "a", 0.1 + 0.2], [120000000000, "b", 1e3]], formats={"A2": "000000"})
    assert rows(data) == [("000012", "a", "0.30 CNY"), ("120000000000", "b", "1000.00 CNY")]


def spoilt(data, **parts):
    """The workbook with other content in some of its parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
    return written.getvalue()


GOOD = book([HEADER, ["A1", "片", 1]])
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"PK\x03\x04", "not_a_workbook"),
        (GOOD[:-30], "not_a_workbook"),
        (GOOD[:200] + b"\x00" * 50 + GOOD[250:], "not_a_workbook"),
        (spoilt(GOOD, sheet1=" " * 200_000_000), "unpacks_too_large"),
        (spoilt(GOOD, sheet1="<broken"), "not_a_workbook"),
        (spoilt(GOOD, sheet1='<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET.format("")), "not_a_workbook"),
        (spoilt(GOOD, sheet1=SHEET.format("")), "file_is_empty"),
        (spoilt(GOOD, workbook="<workbook/>"), "not_a_workbook"),
    ],
)
def test_bombs_and_wrecks_are_refused_by_name(data, rule):
    assert [one[3] for one in bad(data)] == [rule]


def test_a_sheet_that_pretends_to_be_endless_is_read_as_far_as_it_is_one():
    """Rows far down and cells far right cost nothing that others would wait for."""
    cell = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    started = time.process_time()
    far = spoilt(GOOD, sheet1=SHEET.format(cell.format(99_999_999_999, "A")))
    assert [one[3] for one in bad(far)] == ["file_is_empty"]
    wide = spoilt(GOOD, sheet1=SHEET.format("".join(cell.format(row, "XFD") for row in range(1, 5000))))
    assert reading(wide).bad_total
    assert time.process_time() - started < 20


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text("aZ0片=#-. ,", max_size=8)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=5))
def test_whatever_stands_in_it_is_read_or_refused_by_name(lines):
    found = reading(book([HEADER, *lines]))
    assert found.bad_total or len(found.rows) == found.count > 0
