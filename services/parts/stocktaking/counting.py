"""Counting by scanned codes: one batch of a phone at a time, each once (Rules P6, P14)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from chassis import Invalid, Refused, Work, new_id
from chassis.wire.fields import CLOCK_SKEW
from contracts.parts.stocktaking import Counted, CountParts
from contracts.shared import BARCODE, PART_NUMBER
from services.parts.catalogue.part import Numbers, Part, numbers_of, parts_of
from services.parts.stock.ledger import binned_since
from services.parts.stock.stock import Stock, open_stock
from services.parts.stocktaking.queries import counted
from services.parts.stocktaking.sheet import StockCount, StocktakeLine
from services.parts.stocktaking.stocktake import Stocktake
from services.parts.supplier.supplier_part import SupplierPart


def count(work: Work, command: CountParts) -> Counted:
    """Take down a batch of counts; one that was taken down before is answered as it was then.

    Raises Refused for a code that is none of ours, for a part that is counted elsewhere, and for who counted it last.
    """
    told = _told(work, command)
    open_stock(work)
    stocktake = work.get(Stocktake, command.stocktake_id)
    batch = command.batch or new_id()
    before = work.all(select(StockCount).where(StockCount.stocktake_id == stocktake.id, StockCount.batch == batch))
    if before:
        if {one.part_number: one.units for one in before} != told:
            raise Refused("batch_counted_already", batch=batch)
        return counted(work, stocktake, told)
    stocktake.require_counting()
    stock = open_stock(work, told)
    counted_at = _counted_at(work, command, stocktake)
    since = binned_since(work, told, counted_at) if command.counted_at else Counter[str]()
    on_sheet = select(StocktakeLine).where(
        StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.part_number.in_(sorted(told))
    )
    lines = {line.part_number: line for line in work.all(on_sheet)}
    for number, units in told.items():
        line = lines.get(number) or _found(work, stocktake, number, stock)
        book = stock.balance(number, "bin").quantity_units - since[number]
        work.add(line.take_down(units, book, by=work.actor, at=counted_at, batch=batch))
    return counted(work, stocktake, told)


def _counted_at(work: Work, command: CountParts, stocktake: Stocktake) -> datetime:
    """When the batch was counted: not before its bins were frozen; a clock may be a little ahead. Raises Invalid."""
    if command.counted_at is None:
        return work.now
    if command.counted_at > work.now + CLOCK_SKEW:
        raise Invalid.field("counted_at", "must_not_be_future")
    if command.counted_at < stocktake.opened_at:
        raise Invalid.field("counted_at", "before_the_freeze")
    return min(command.counted_at, work.now)


def _told(work: Work, command: CountParts) -> dict[str, int]:
    """So much of each part; one that was scanned at two places is added up."""
    codes = read_codes(work, (one.code for one in command.lines))
    told: defaultdict[str, int] = defaultdict(int)
    for place, one in enumerate(command.lines):
        number = codes.find(one.code)
        if number is None:
            raise Refused("part_unknown", field=f"lines.{place}.code", part_number=one.code)
        codes.require_whole(f"lines.{place}.quantity", one.code, one.quantity)
        told[number] += one.quantity.units
    return dict(sorted(told.items()))


def read_codes(work: Work, typed: Iterable[str]) -> Numbers:
    """The parts that a scanner's texts stand for: our number, or else a barcode, or a supplier's number that means one part."""
    codes = list(typed)
    ours = numbers_of(work, codes)
    unknown = sorted({BARCODE.key(one) for one in codes if ours.find(one) is None})
    if not unknown:
        return ours
    of_dealer = Part.dealer_id == work.dealer
    by_code = {
        row.barcode_key: (row.number, row.unit)
        for row in work.execute(select(Part.barcode_key, Part.number, Part.unit).where(of_dealer, Part.barcode_key.in_(unknown)))
    }
    theirs: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    of_part = (Part.dealer_id == SupplierPart.dealer_id) & (Part.number == SupplierPart.part_number)
    keys = sorted({PART_NUMBER.key(one) for one in unknown})
    sold = select(SupplierPart.their_key, Part.number, Part.unit).join(Part, of_part).where(of_dealer)
    for row in work.execute(sold.where(SupplierPart.their_key.in_(keys))):
        theirs[row.their_key].add((row.number, row.unit))
    found = {key: next(iter(parts)) for key, parts in theirs.items() if len(parts) == 1} | by_code
    return ours.also({key: one[0] for key, one in found.items()}, {key: one[1] for key, one in found.items()})


def _found(work: Work, stocktake: Stocktake, number: str, stock: Stock) -> StocktakeLine:
    """What was found though the books know of none there: it is on the sheet from now on. Raises Refused if it lies elsewhere."""
    place = parts_of(work, [number])[number].bin_location
    bin_ = stock.balance(number, "bin")
    if not stocktake.covers(place) or bin_.frozen_for is not None:
        if place is None:
            raise Refused("no_place_noted", part_number=number)
        raise Refused("not_in_stocktake", part_number=number, place=place)
    bin_.frozen_for = stocktake.number
    line = StocktakeLine(stocktake_id=stocktake.id, part_number=number, bin_location=place or "", state="to_count", counts=0)
    work.add(line)
    work.change(stocktake)
    stocktake.parts += 1
    return line
