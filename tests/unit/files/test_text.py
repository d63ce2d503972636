"""Rule A9: CSV, however it was made, is read as what it means, or refused by name with row and column."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from files import Key, read
from tests.unit.files.sending import bad, columns, reading, rows, sent

PLAIN = "number,name,price\nA1,刹车片,12.50\nB-2,机油滤清器,8\n"
MEANT = [("A1", "刹车片", "12.50 CNY"), ("B-2", "机油滤清器", "8.00 CNY")]
WESTERN = "number;name;price\nA1;Bremsbeläge für Räder;12,50\nB-2;Zündkerze;8\n"


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (PLAIN, "utf-8", ","),
        ("\ufeff" + PLAIN, "utf-8", ","),
        (PLAIN.replace("\n", "\r\n"), "utf-8", ","),
        (PLAIN.replace("\n", "\r"), "utf-8", ","),
        (PLAIN.rstrip(), "utf-8", ","),
        (PLAIN.replace(",", ";"), "utf-8", ";"),
        (PLAIN.replace(",", "\t"), "utf-8", "\t"),
        ("sep=;\n" + PLAIN.replace(",", ";"), "utf-8", ";"),
        (PLAIN.replace(",", ";").replace("12.50", "12,50"), "utf-8", ";"),
        (PLAIN.replace("12.50", '"12,50"'), "utf-8", ","),
        (PLAIN.encode("gb18030"), "gb18030", ","),
        (PLAIN.replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        ("\n\n" + PLAIN.replace("\n", ",,\n") + ",,,,\n\n", "utf-8", ","),
        (PLAIN.replace("number,name,price", "零件号, 名称 ,价格"), "utf-8", ","),
        (PLAIN.replace("number,name,price", "Part No.,NAME,Ｐｒｉｃｅ"), "utf-8", ","),
    ],
)  # fmt: skip
def test_files_that_mean_the_same_are_read_the_same(data, encoding, delimiter):
    """Encoding, byte order mark, delimiter, line ends, decimal sign, empty rows and columns, language of the header."""
    assert rows(data) == MEANT
    assert (reading(data).encoding, reading(data).delimiter) == (encoding, delimiter)


def test_a_western_file_is_found_out_and_named():
    found = reading(WESTERN.encode("cp1252"))
    assert (found.encoding, found.delimiter, found.bad) == ("cp1252", ";", [])
    assert [values["name"] for _, values in found.rows] == ["Bremsbeläge für Räder", "Zündkerze"]


@pytest.mark.parametrize("name", ["Öl", "Größe", "Ø12 mm²", "90 °C", "Müller® Dämpfer", "été"])
def test_a_few_western_letters_are_not_taken_for_chinese(name):
    assert [values["name"] for _, values in reading(f"number,name\nA1,{name}\n".encode("cp1252")).rows] == [name]


@pytest.mark.parametrize("name", ["皮带", "刹车片", "火花塞 NGK", "前制动盘\nB2,雨刮片 24"])
def test_a_few_chinese_characters_are_not_taken_for_western_letters(name):
    assert reading(f"number,name\nA1,{name}\n".encode("gb18030")).encoding == "gb18030"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("big5", "機油濾清器"),
        ("big5", "火星塞"),
        ("big5", "空調濾芯"),
        ("shift_jis", "エンジンオイル"),
        ("shift_jis", "点火プラグ"),
    ],
)
def test_a_third_encoding_is_asked_for_and_not_read_as_nonsense(encoding, name):
    """Almost any bytes are text in GB18030 or cp1252; that it is text that nobody writes says that it is neither."""
    assert bad(f"number,name\nA1,{name}\n".encode(encoding)) == [(1, "", "file", "encoding_unknown")]


def test_part_numbers_that_look_like_dates_are_read_as_typed():
    assert [number for number, *_ in rows("number,name\n3-5,x\nMAR-26,x\n10/2026,x\n2026-03-05,x\n")] == [
        "3-5", "MAR-26", "10/2026", "2026-03-05",
    ]  # fmt: skip


def test_an_encoding_that_is_named_overrules_what_would_be_found_out():
    assert reading(WESTERN.encode("cp1252"), encoding="gb18030").encoding == "gb18030"
    assert bad(PLAIN.encode("gb18030"), encoding="utf-8") == [(2, "", "file", "not_in_encoding")]


def test_utf8_with_a_damaged_byte_is_not_taken_for_something_else():
    """Read as GB18030 or cp1252, every other name of it would be nonsense."""
    data = PLAIN.encode().replace("机油".encode(), "机油".encode()[:-1])
    assert bad(data) == [(3, "", "file", "not_in_encoding")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (",x,1", [(3, "A", "number", "required")]),
        ("a,,1", [(3, "B", "name", "required")]),
        (f"{'a' * 41},x,1", [(3, "A", "number", "length_between")]),
        ('"=""0012""",x,1', [(3, "A", "number", "spreadsheet_formula")]),
        ("1.2E+11,x,1", [(3, "A", "number", "spreadsheet_number")]),
        ("a,x,1.2E+11", [(3, "C", "price", "spreadsheet_number")]),
        ("3月5日,x,1", [(3, "A", "number", "became_a_date")]),
        ("2026/3/5,x,1", [(3, "A", "number", "became_a_date")]),
        ("5-Mar,x,1", [(3, "A", "number", "became_a_date")]),
        ("Mar-26,x,1", [(3, "A", "number", "became_a_date")]),
        ("#N/A,x,1", [(3, "A", "number", "spreadsheet_error")]),
        ("a,x,#####", [(3, "C", "price", "spreadsheet_error")]),
        ("a,x,1.005", [(3, "C", "price", "too_many_decimals")]),
        ("a,x,-1", [(3, "C", "price", "not_an_amount")]),
        ("a,x,1e3", [(3, "C", "price", "not_an_amount")]),
        ("a,x,¥1", [(3, "C", "price", "not_an_amount")]),
        ("a,x,１", [(3, "C", "price", "not_an_amount")]),
        ('a,x,"1,234"', [(3, "C", "price", "ambiguous_decimal")]),
        ('a,x,"12,50"', [(3, "C", "price", "mixed_decimals")]),
        ('A1,"x",1', [(3, "A", "number", "twice_in_file")]),
        ("a,x", [(3, "", "row", "column_count")]),
        ("a,x,1,stray", [(3, "D", "row", "cell_without_column")]),
        ('a,"x,1', [(3, "B", "row", "not_csv")]),
        ('a,x,"1"2', [(3, "C", "row", "not_csv")]),
        ('"a",x"y,1', []),
        (",,-1", [(3, "A", "number", "required"), (3, "B", "name", "required"), (3, "C", "price", "not_an_amount")]),
    ],
)
def test_what_is_bad_is_named_with_row_column_and_code(line, expected):
    """And what stands after it is still read."""
    assert bad(f"number,name,price\nA1,片,12.50\n{line}\n") == expected


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1234", "1234.00"),
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1,234,567", "1234567.00"),
        ("1234,5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("0,10", "0.10"),
        ("12,5", "12.50"),
    ],
)
def test_amounts_are_read_with_either_decimal_sign_where_there_is_no_doubt(cell, amount):
    assert rows(f"number\tname\tprice\na\tx\t{cell}") == [("a", "x", f"{amount} CNY")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("number,price", [(1, "", "name", "column_missing")]),
        ("number,name,colour", [(1, "C", "colour", "column_unknown")]),
        ("number,name,Number", [(1, "C", "number", "column_twice")]),
        ("零件号,名称,number", [(1, "C", "number", "column_twice")]),
        ("a;b;c", [(1, "", "number", "column_missing"), (1, "", "name", "column_missing")]
            + [(1, place, name, "column_unknown") for place, name in (("A", "a"), ("B", "b"), ("C", "c"))]),
    ],
)  # fmt: skip
def test_a_wrong_header_is_named_before_any_row(header, expected):
    assert sorted(bad(f"{header}\na,b,c\n")) == sorted(expected)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("\n", "file_is_empty"),
        ("\ufeff", "file_is_empty"),
        (",,\n,\n", "file_is_empty"),
        ("number,name", "only_a_header"),
        ("number,name\n,\n\n", "only_a_header"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "old_workbook"),
    ],
)
def test_a_file_with_nothing_to_import_is_refused_by_name(data, rule):
    assert [code for _, _, _, code in bad(data)] == [rule]


def test_the_files_own_headers_can_be_named_and_the_rest_is_ignored():
    data = "SKU,Descr,X,Net\nA1,片,?,12.50\n"
    mapping = {"number": "sku", "name": "Descr", "price": "Net"}
    assert rows(data, columns=mapping) == [("A1", "片", "12.50 CNY")]
    assert rows(data, columns={"number": "SKU", "name": "SKU"}) == [("A1", "A1", "None")]
    assert bad(data, columns={"number": "SKU", "name": "Nome"}) == [(1, "", "name", "column_missing")]


def test_of_very_many_bad_rows_a_thousand_are_shown_and_all_are_counted():
    found = reading("number,name,price\n" + "a,,\n" * 3000)
    assert (len(found.bad), found.bad_total) == (1000, 3000 + 2999)


def test_100000_rows_take_seconds_and_give_others_their_turn():
    data = "number,name,price\n" + "".join(f"PN-{n},零件 {n},{n % 1000}.50\n" for n in range(100_000))
    breaths = []
    started = time.process_time()
    found = read(sent(data), columns(), key=Key("number", str), yield_control=lambda: breaths.append(time.perf_counter()))
    assert (found.count, found.bad) == (100_000, [])
    assert time.process_time() - started < 10
    pauses = [after - before for before, after in pairwise(breaths)]
    assert len(pauses) > 400
    assert sorted(pauses)[len(pauses) // 2] < 0.1
    assert [one.rule for one in reading(data + "one,more,1\n").bad] == ["too_many_rows"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@settings(max_examples=300)
@given(
    table=st.lists(st.lists(CELL, max_size=5), max_size=6),
    header=st.sampled_from(["number,name", "零件号;名称;价格", "number\tname\tprice", "", "\ufeffnumber,name,,"]),
    end=st.sampled_from(["\n", "\r", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "gb18030", "cp1252", "utf-16", "utf-16-be", "latin-1"]),
)
def test_whatever_is_sent_is_read_or_refused_by_name(table, header, end, encoding):
    """Never an error of ours, never a row that is neither good nor named."""
    text = end.join([header, *(",".join(line) for line in table)])
    data = text.encode(encoding, "replace")
    if data:
        found = reading(data)
        assert found.bad_total or len(found.rows) == found.count > 0
        assert all(one.row >= 1 and one.rule for one in found.bad)


@settings(max_examples=200)
@given(data=st.binary(min_size=1, max_size=300) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_bytes_that_are_no_table_are_refused_by_name(data):
    found = reading(data)
    assert found.bad_total or found.rows
