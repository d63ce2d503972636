"""From what the advisor asks for to lines of an order: names and hours from the catalogues, a payer for everything (Rule W4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from chassis import Invalid, Money, NotYetKnown, Refused, Work
from contracts.shared import WHOLE_LINE
from contracts.workshop.order import NewLine, NewLines, Paying, Split
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.share import AgreedShare, whole
from services.workshop.pricing.operation import Operation
from services.workshop.pricing.price_list import price_list


def new_lines(work: Work, wanted: NewLines, currency: str) -> list[OrderLine]:
    """The lines, without prices: labour, then parts, then sublet.

    Raises Invalid naming the field; Refused or NotYetKnown for unknown numbers.
    """
    chinese = work.profile.locale.startswith("zh")
    labour, parts, sublet = wanted.labour or [], wanted.parts or [], wanted.sublet or []
    codes = {new.operation_code for new in labour}
    operations = {row.code: row for row in work.all(select(Operation).where(Operation.code.in_(codes)))} if codes else {}
    listed = price_list(work, {new.part_number for new in parts})
    lines = []
    for index, job in enumerate(labour):
        operation = operations.get(job.operation_code)
        if operation is None:
            raise Refused("operation_unknown", operation_code=job.operation_code)
        hours = job.hours or operation.hours
        lines.append(
            _line(
                Kind.LABOUR,
                job,
                f"labour.{index}",
                currency,
                operation_code=operation.code,
                hours_units=hours.units,
                description=job.description or (operation.name_zh if chinese else operation.name_en),
            )
        )
    for index, part in enumerate(parts):
        entry = listed.find(part.part_number)
        if entry is None:
            raise NotYetKnown.reference(f"parts.{index}.part_number", part.part_number)
        lines.append(
            _line(
                Kind.PART,
                part,
                f"parts.{index}",
                currency,
                part_number=entry.part_number,
                quantity_units=part.quantity.units,
                description=part.description or (entry.name_zh if chinese else entry.name_en),
            )
        )
    for index, outside in enumerate(sublet):
        lines.append(
            _line(
                Kind.SUBLET,
                outside,
                f"sublet.{index}",
                currency,
                description=outside.description,
                agreed_price_minor=minor_units(outside.price, f"sublet.{index}.price", currency),
            )
        )
    return lines


def _line(kind: Kind, new: NewLine, path: str, currency: str, **values: Any) -> OrderLine:
    return OrderLine(kind=kind, job=new.job, safety=new.safety, payers=payers(new, f"{path}.", currency), **values)


def payers(new: Paying, path: str, currency: str) -> list[AgreedShare]:
    """The agreed split: basis points that make the whole, or amounts that the estimate holds against the price."""
    if new.payer is not None:
        _require(new.split is None, f"{path}split", "payer_and_split")
        return whole(new.payer)
    split = new.split or []
    _require(bool(split), f"{path}payer", "needs_payer_or_split")
    _require_each_once(split, f"{path}split")
    if all(one.amount is None and one.basis_points is not None for one in split):
        _require(sum(one.basis_points or 0 for one in split) == WHOLE_LINE, f"{path}split", "must_make_100_percent")
        return [AgreedShare(payer=one.payer, basis_points=one.basis_points or 0) for one in split]
    return amounts(split, f"{path}split", currency)


def amounts(split: Sequence[Split], field: str, currency: str) -> list[AgreedShare]:
    """A split by amounts. Raises Invalid naming the field."""
    _require_each_once(split, field)
    agreed = []
    for one in split:
        if one.amount is None or one.basis_points is not None:
            raise Invalid.field(field, "percentages_or_amounts")
        agreed.append(AgreedShare(payer=one.payer, minor=minor_units(one.amount, field, currency)))
    return agreed


def _require_each_once(split: Sequence[Split], field: str) -> None:
    _require(len({one.payer for one in split}) == len(split), field, "payer_named_twice")


def minor_units(price: Money, field: str, currency: str) -> int:
    """A price that is none below zero, in the order's currency. Raises Invalid naming the field."""
    _require(price.currency == currency, field, "wrong_currency", currency=currency)
    _require(price.minor >= 0, field, "must_not_be_negative")
    return price.minor


def _require(holds: bool, field: str, code: str, **values: Any) -> None:
    if not holds:
        raise Invalid.field(field, code, **values)
