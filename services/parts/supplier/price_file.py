"""A supplier's price file (Rule P1): its columns, and which part of the catalogue each row is about."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from chassis.wire.codec import schema_of
from chassis.wire.rules import rule
from contracts.files import TableFile
from contracts.parts.supplier import OfferPart
from contracts.shared import PART_NUMBER
from files import Amounts, Column, Key, Reading, of_field, of_money, of_whole, one_of, read, yes_or_no
from services.parts.catalogue.part import Numbers


def columns(currency: str) -> list[Column]:
    """The columns of a supplier's price file; their cells are read as the fields of OfferPart are."""
    rules: Mapping[str, fields.Field[Any]] = schema_of(OfferPart).fields
    may_be = {"required": False, "may_be_empty": True}
    return [
        Column(
            "supplier_part_number",
            of_field(rules["supplier_part_number"]),
            ("part number", "part no", "supplier part no", "供应商件号", "厂家件号", "零件号", "配件号"),
        ),
        Column(
            "our_part_number",
            of_field(rules["part_number"]),
            ("our part number", "dealer part number", "本店件号"),
            **may_be,
        ),
        Column(
            "price",
            of_money(rules["price"], currency, Amounts()),
            ("net price", "cost", "进价", "采购价", "价格", "单价"),
            required=False,
        ),
        Column("currency", one_of({currency: currency}), ("currency code", "货币", "币种"), required=False),
        Column("lead_time_days", of_whole(rules["lead_time_days"]), ("lead time", "货期", "交货天数"), **may_be),
        Column("order_multiple", of_field(rules["order_multiple"]), ("multiple", "订货倍数", "包装数"), **may_be),
        Column(
            "order_minimum",
            of_field(rules["order_minimum"]),
            ("minimum order quantity", "moq", "最小起订量"),
            **may_be,
        ),
        Column("preferred", yes_or_no, ("首选",), **may_be),
    ]


def read_prices(file: TableFile, currency: str, *, yield_control: Callable[[], None]) -> Reading:
    """Read a whole file. Raises Invalid for what is wrong with the request, not with the file."""
    return read(file, columns(currency), key=Key("supplier_part_number", PART_NUMBER.key), yield_control=yield_control)


def find_parts(
    reading: Reading, catalogue: Numbers, known: Mapping[str, str], *, skip_unknown: bool
) -> tuple[dict[str, tuple[int, dict[str, Any]]], int]:
    """The good rows by our part number, and how many are of parts that the catalogue does not have.

    `known` are the supplier's numbers that were noted before, by their keys. What is wrong with a row is said to `reading`.
    """
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    skipped = 0
    for row, values in reading.rows:
        theirs = PART_NUMBER.key(values["supplier_part_number"])
        named = values.get("our_part_number")
        number = catalogue.find(named) if named else known.get(theirs) or catalogue.find(theirs)
        if number is None and skip_unknown:
            skipped += 1
        elif number is None:
            reading.refuse(row, "our_part_number" if named else "supplier_part_number", rule("part_unknown"))
        elif number in found:
            reading.refuse(row, "our_part_number", rule("part_named_twice", row=found[number][0]))
        else:
            found[number] = row, values
    return found, skipped
