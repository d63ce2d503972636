"""A price file (Rule P1): its columns, and the rules that rows keep together. How a file is read is `files`' matter."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from marshmallow import fields

from chassis import Money
from chassis.wire.codec import schema_of
from chassis.wire.rules import rule
from contracts.files import TableFile
from contracts.parts.catalogue import AbcClass, CreatePart, Source
from contracts.shared import PART_NUMBER
from files import Amounts, Column, Key, Reading, of_field, of_money, one_of, read, yes_or_no
from services.parts.catalogue.supersession import closed

NEEDED_FOR_NEW = ("name_zh", "name_en", "unit")
"""What a part must have that the catalogue does not know yet; of the others, the file may leave it as it is."""

DEFAULTS: Mapping[str, Any] = {
    "source": "genuine",
    "core_charge_minor": 0,
    "hazardous": False,
    "successor": None,
    "abc_class": None,
}
"""What a part is of which nothing else is said, as its columns are called; an empty cell says so."""


def columns(currency: str) -> list[Column]:
    """The columns of a price file, whose amounts are in this currency. Their cells are read as the fields of CreatePart are."""
    rules: Mapping[str, fields.Field[Any]] = schema_of(CreatePart).fields
    amounts = Amounts()
    return [
        Column("part_number", of_field(rules["part_number"]), ("part no", "零件号", "零件编号", "配件号", "配件编号", "备件号")),
        Column(
            "name_zh", of_field(rules["name_zh"]), ("chinese name", "名称", "中文名称", "零件名称", "配件名称"), required=False
        ),
        Column("name_en", of_field(rules["name_en"]), ("english name", "英文名称"), required=False),
        Column("unit", of_field(rules["unit"]), ("unit of measure", "uom", "单位", "计量单位"), required=False),
        Column("list_price", of_money(rules["list_price"], currency, amounts), ("price", "价格", "单价", "销售价", "建议零售价")),
        Column("currency", one_of({currency: currency}), ("货币", "币种"), required=False),
        Column("source", one_of({one: one for one in get_args(Source)}), ("来源",), required=False, may_be_empty=True),
        Column(
            "core_charge", of_money(rules["core_charge"], currency, amounts), ("旧件押金",), required=False, may_be_empty=True
        ),
        Column("hazardous", yes_or_no, ("危险品",), required=False, may_be_empty=True),
        Column(
            "successor",
            of_field(rules["successor"]),
            ("superseded by", "替代件号", "替代零件号"),
            required=False,
            may_be_empty=True,
        ),
        Column(
            "abc_class",
            one_of({one: one for one in get_args(AbcClass)}),
            ("abc", "abc分类"),
            required=False,
            may_be_empty=True,
        ),
    ]


def read_prices(file: TableFile, currency: str, *, yield_control: Callable[[], None] = lambda: None) -> Reading:
    """Read a whole price file. Raises Invalid for what is wrong with the request, not with the file."""
    return read(file, columns(currency), key=Key("part_number", PART_NUMBER.key), yield_control=yield_control)


def as_catalogued(reading: Reading, catalogue: Iterable[str]) -> None:
    """Spell the file's part numbers as the catalogue does: 06A-115-561 B and 06a115561b are one part."""
    spelling = {PART_NUMBER.key(number): number for _, values in reading.rows if (number := values["part_number"])}
    spelling |= {PART_NUMBER.key(number): number for number in catalogue}
    for _, values in reading.rows:
        for name in ("part_number", "successor"):
            if values.get(name):
                values[name] = spelling.get(PART_NUMBER.key(values[name]), values[name])


def catalogue_rules(reading: Reading, catalogue: Mapping[str, str | None]) -> None:
    """Refuse new parts without a name, and successors nobody knows or whose chain closes; `catalogue` is number -> successor."""
    given = {values["part_number"]: (row, values) for row, values in reading.rows}
    for number, (row, _) in given.items():
        if number not in catalogue:
            for name in NEEDED_FOR_NEW:
                if name not in reading.columns:
                    reading.refuse(row, name, rule("needed_for_a_new_part"))
    if "successor" not in reading.columns:
        return
    replaced = {number: values["successor"] for number, (_, values) in given.items() if values["successor"]}
    links = {number: successor for number, successor in catalogue.items() if successor and number not in given} | replaced
    circular = closed(links) & replaced.keys()
    for number, successor in replaced.items():
        row = given[number][0]
        if successor not in catalogue and successor not in given:
            reading.refuse(row, "successor", rule("successor_unknown"))
        elif number in circular:
            reading.refuse(row, "successor", rule("supersession_cycle"))


def facts(rows: Iterable[tuple[int, dict[str, Any]]], currency: str) -> dict[str, dict[str, Any]]:
    """What good rows say of each part, as the part's columns are called. An empty cell clears what may be empty."""
    return {values["part_number"]: _facts(values, currency) for _, values in rows}


def _facts(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    said: dict[str, Any] = {"currency": currency}
    for name, value in values.items():
        match name, value:
            case "part_number", _:
                said["number"] = value
            case "list_price" | "core_charge", _:
                said[f"{name}_minor"] = value.minor if isinstance(value, Money) else DEFAULTS[f"{name}_minor"]
            case "currency", _:
                pass
            case _, None:
                said[name] = DEFAULTS[name]
            case _:
                said[name] = value
    return said
