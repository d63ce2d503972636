"""From what the advisor asks for to lines of an order: names and hours from the catalogues, a payer for everything (Rule W4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from chassis import Invalid, Money, NotYetKnown, Refused, Work
from contracts.pieces import require_whole
from contracts.shared import WHOLE_LINE, Payer
from contracts.workshop.order import NewLabour, NewLine, NewLines, Paying, Split
from services.workshop.order.agreed_amounts import require_amounts_make_the_price
from services.workshop.order.comeback import look_for_groups, require_internal
from services.workshop.order.comeback_note import Repair, groups_of
from services.workshop.order.job import require_covered
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.share import AgreedShare, whole
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.operation import Operation
from services.workshop.pricing.price_list import ListedPart, price_list


def new_lines(work: Work, wanted: NewLines, order: WorkOrder, payer: Payer | None = None) -> list[OrderLine]:
    """The lines, without prices: labour, then parts, then sublet.

    Who pays is said by each line, else it is `payer`, or the house for what comes back and the parts that are called for with it
    (Rule W2). Raises Invalid naming the field; Refused or NotYetKnown for unknown numbers.
    """
    currency = order.currency
    labour, parts, sublet = wanted.labour or [], wanted.parts or [], wanted.sublet or []
    codes = {new.operation_code for new in labour}
    operations = {row.code: row for row in work.all(select(Operation).where(Operation.code.in_(codes)))} if codes else {}
    look_for_groups(work, order, {row.operation_group for row in operations.values() if row.operation_group})
    back = groups_of(order.comeback)
    of_jobs = [
        (job.job, operations[job.operation_code].operation_group in back) for job in labour if job.operation_code in operations
    ]
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
                "internal" if operation.operation_group in back else payer,
                operation_code=operation.code,
                repair=_repair(job, operation, f"labour.{index}"),
                hours_units=hours.units,
                **_described(work, job.description, operation),
            )
        )
    for index, part in enumerate(parts):
        entry = listed.find(part.part_number)
        if entry is None:
            raise NotYetKnown.reference(f"parts.{index}.part_number", part.part_number)
        require_whole(f"parts.{index}.quantity", entry.unit or "", part.quantity)
        lines.append(
            _line(
                Kind.PART,
                part,
                f"parts.{index}",
                currency,
                _usual(part, f"parts.{index}", of_jobs, payer, back=bool(back)),
                part_number=entry.part_number,
                quantity_units=part.quantity.units,
                unit=entry.unit,
                **_described(work, part.description, entry),
            )
        )
    for index, outside in enumerate(sublet):
        lines.append(
            _line(
                Kind.SUBLET,
                outside,
                f"sublet.{index}",
                currency,
                _usual(outside, f"sublet.{index}", of_jobs, payer, back=bool(back)),
                description=outside.description,
                agreed_price_minor=minor_units(outside.price, f"sublet.{index}.price", currency),
            )
        )
    places = [
        f"{kind}.{at}" for kind, new in (("labour", labour), ("parts", parts), ("sublet", sublet)) for at in range(len(new))
    ]
    require_amounts_make_the_price(work, order, {f"{place}.split": line for place, line in zip(places, lines, strict=True)})
    for line in lines:
        require_internal(order, line)
    require_covered(order.jobs, lines)
    return lines


def _usual(new: NewLine, path: str, labour: Sequence[tuple[int, bool]], payer: Payer | None, *, back: bool) -> Payer | None:
    """Who pays what is no labour and says nothing: by the labour of its job, of which each says whether it comes back.

    Raises Invalid where it may belong to what comes back and to other work alike.
    """
    if not back or payer is None:
        return "internal" if back else payer
    comes_back = {is_back for job, is_back in labour if job == new.job}
    _require(len(comes_back) < 2 or new.payer is not None or bool(new.split), f"{path}.payer", "needs_payer_or_split")
    return "internal" if comes_back == {True} else payer


def _line(kind: Kind, new: NewLine, path: str, currency: str, payer: Payer | None, **values: Any) -> OrderLine:
    agreed = payers(new, f"{path}.", currency, payer)
    return OrderLine(kind=kind, job=new.job, safety=new.safety, payers=agreed, **values)


def _repair(new: NewLabour, operation: Operation, path: str) -> Repair:
    """What kind of work it is. Raises Invalid naming the field: painting has panel and area, other work has neither."""
    for field, value in (("panel", new.panel), ("area_dm2", new.area_dm2)):
        _require(value is not None or not operation.painting, f"{path}.{field}", "painting_needs")
        _require(value is None or operation.painting, f"{path}.{field}", "not_painting")
    return Repair(
        group=operation.operation_group,
        work_class=operation.work_class,
        high_voltage=operation.high_voltage,
        instruction=operation.instruction_version,
        panel=new.panel,
        area_dm2=new.area_dm2,
    )


def _described(work: Work, typed: str | None, known: Operation | ListedPart) -> dict[str, str]:
    """As somebody typed it, in whichever language; else as the catalogue calls it, in both."""
    if typed:
        return {"description": typed}
    return {
        "description": work.profile.own(zh=known.name_zh, en=known.name_en),
        "name_zh": known.name_zh,
        "name_en": known.name_en,
    }


def payers(new: Paying, path: str, currency: str, otherwise: Payer | None = None) -> list[AgreedShare]:
    """The agreed split: basis points that make the whole, or amounts that the estimate holds against the price.

    Who says nothing means `otherwise`, if there is such a payer.
    """
    if new.payer is None and new.split is None and otherwise is not None:
        return whole(otherwise)
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
    """A price in the order's currency. Raises Invalid naming the field."""
    _require(price.currency == currency, field, "wrong_currency", currency=currency)
    return price.minor


def _require(holds: bool, field: str, code: str, **values: Any) -> None:
    if not holds:
        raise Invalid.field(field, code, **values)
