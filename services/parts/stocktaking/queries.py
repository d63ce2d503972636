"""Queries of stocktakes: how far one is, what is left to count, and - only then - what differs (Rule P6)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, case, func, or_, select

from chassis import Money, Quantity, Refused, Work, matching, page
from contracts.parts.catalogue import AbcClass
from contracts.parts.stocktaking import (
    Counted,
    CountedPart,
    CountSheet,
    Difference,
    Differences,
    DueClass,
    DueCounts,
    GetCountSheet,
    GetStocktake,
    GetStocktakingSettings,
    ListDifferences,
    ListDueCounts,
    ListStocktakes,
    OneCount,
    SheetLine,
    Stocktakes,
)
from contracts.parts.stocktaking import Stocktake as StocktakeAnswer
from services.parts.catalogue.part import parts_of
from services.parts.stock.balance import StockBalance
from services.parts.stocktaking.due import CLASSES, classed_parts
from services.parts.stocktaking.settings import StocktakingSettings
from services.parts.stocktaking.sheet import StockCount, StocktakeLine
from services.parts.stocktaking.stocktake import Stocktake

A_BREATH = 1000


def get_stocktake(work: Work, query: GetStocktake) -> StocktakeAnswer:
    """Raises NotFound, also when it is another dealer's."""
    return shown(work, work.get(Stocktake, query.stocktake_id))


def list_stocktakes(work: Work, query: ListStocktakes) -> Stocktakes:
    """The newest first."""
    found = select(Stocktake).where(*matching((Stocktake.state, query.state)))
    items, cursor = page(work, found, query, keys=[Stocktake.id])
    return Stocktakes(items=[one.summary() for one in items], next_cursor=cursor)


def get_settings(work: Work, query: GetStocktakingSettings) -> StocktakingSettings:
    """What applies."""
    return work.settings(StocktakingSettings)


def get_count_sheet(work: Work, query: GetCountSheet) -> CountSheet:
    """What whoever asks has to count; of one that is counted no more, nothing."""
    stocktake = work.get(Stocktake, query.stocktake_id)
    if stocktake.state != "counting":
        return CountSheet(items=[], left=0, for_others=0)
    of_stocktake = StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.is_due()
    not_mine = or_(StocktakeLine.counted_by.is_(None), StocktakeLine.counted_by != work.actor, StocktakeLine.moved())
    found = select(StocktakeLine).where(*of_stocktake, not_mine)
    keys = [StocktakeLine.bin_location, StocktakeLine.part_number]
    lines, cursor = page(work, found, query, keys=keys, ascending=True)
    parts = parts_of(work, (line.part_number for line in lines))
    counted_by_me = func.sum(case((not_mine, 0), else_=1))
    tally: Sequence[Any] = work.execute(select(func.count(), counted_by_me).select_from(StocktakeLine).where(*of_stocktake))[0]
    items = [
        SheetLine(
            part_number=line.part_number,
            name_zh=parts[line.part_number].name_zh,
            name_en=parts[line.part_number].name_en,
            unit=parts[line.part_number].unit,
            barcode=parts[line.part_number].barcode,
            bin_location=line.bin_location or None,
            again=line.counts > 0,
        )
        for line in lines
    ]
    return CountSheet(items=items, next_cursor=cursor, left=tally[0], for_others=int(tally[1] or 0))


def list_differences(work: Work, query: ListDifferences) -> Differences:
    """What differs, with every count; refused while something is left to count."""
    stocktake = work.get(Stocktake, query.stocktake_id)
    if stocktake.state == "cancelled":
        return Differences(items=[])
    if stocktake.state == "counting":
        require_counted(work, stocktake)
    found = select(StocktakeLine).where(StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.differs())
    lines, cursor = page(work, found, query, keys=[StocktakeLine.part_number], ascending=True)
    numbers = [line.part_number for line in lines]
    parts, costs, counts = parts_of(work, numbers), _costs(work, numbers), _counts(work, stocktake, numbers)
    items = [
        Difference(
            part_number=line.part_number,
            name_zh=parts[line.part_number].name_zh,
            name_en=parts[line.part_number].name_en,
            bin_location=line.bin_location or None,
            booked=Quantity(line.book_units or 0),
            counted=Quantity(line.counted_units or 0),
            difference=Quantity(line.difference),
            value=_money(_worth(line, costs) if line.value_milli is None else line.value_milli, stocktake.currency),
            counts=counts[line.part_number],
        )
        for line in lines
    ]
    return Differences(items=items, next_cursor=cursor)


def list_due_counts(work: Work, query: ListDueCounts) -> DueCounts:
    """Of each class, what lies in bins, and what of it is due."""
    settings = work.settings(StocktakingSettings)
    parts: Counter[AbcClass] = Counter()
    due: Counter[AbcClass] = Counter()
    for _, abc_class, is_due in classed_parts(work, settings):
        parts[abc_class] += 1
        due[abc_class] += is_due
    rows = [
        DueClass(abc_class=one, every_days=settings.every_days(one), parts=parts[one], due=due[one]) for one in sorted(CLASSES)
    ]
    return DueCounts(as_of=work.now, classes=rows)


def shown(work: Work, stocktake: Stocktake) -> StocktakeAnswer:
    """The stocktake, and how far it is."""
    if stocktake.state != "counting":
        return stocktake.shown(settled=stocktake.parts, to_count=0, to_count_again=0)
    to_count, again = _left(work, stocktake)
    return stocktake.shown(settled=stocktake.parts - to_count - again, to_count=to_count, to_count_again=again)


def counted(work: Work, stocktake: Stocktake, told: Mapping[str, int]) -> Counted:
    """What was taken down, and how much is left."""
    parts = parts_of(work, told)
    items = [
        CountedPart(
            part_number=number,
            name_zh=parts[number].name_zh,
            name_en=parts[number].name_en,
            bin_location=parts[number].bin_location,
            quantity=Quantity(units),
        )
        for number, units in told.items()
    ]
    return Counted(items=items, left=sum(_left(work, stocktake)))


def require_counted(work: Work, stocktake: Stocktake) -> None:
    """Raises Refused("still_counting") while something is to be counted, for the first time or again."""
    if left := sum(_left(work, stocktake)):
        raise Refused("still_counting", number=stocktake.number, count=left)


def worth(work: Work, stocktake: Stocktake) -> tuple[Money, Money]:
    """What is missing and what was found are worth, at what such parts cost on average: some thousand lines at a time."""
    missing = found = 0
    last = ""
    while True:
        differing = select(StocktakeLine.part_number, StocktakeLine.counted_units, StocktakeLine.book_units).where(
            StocktakeLine.dealer_id == work.dealer,
            StocktakeLine.stocktake_id == stocktake.id,
            StocktakeLine.differs(),
            StocktakeLine.part_number > last,
        )
        rows = work.execute(differing.order_by(StocktakeLine.part_number).limit(A_BREATH))
        costs = _costs(work, [row.part_number for row in rows])
        for row in rows:
            value = _worth_of(row.counted_units - row.book_units, costs.get(row.part_number))
            missing, found = missing - min(0, value), found + max(0, value)
        if len(rows) < A_BREATH:
            return _money(missing, stocktake.currency), _money(found, stocktake.currency)
        last = rows[-1].part_number
        work.yield_control()


def _left(work: Work, stocktake: Stocktake) -> tuple[int, int]:
    """How many parts nobody counted yet, and how many are to be counted again."""
    first = func.sum(case((StocktakeLine.counts == 0, 1), else_=0))
    row: Sequence[Any] = work.execute(
        select(func.count(), first)
        .select_from(StocktakeLine)
        .where(StocktakeLine.dealer_id == work.dealer, StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.is_due())
    )[0]
    never = int(row[1] or 0)
    return never, row[0] - never


def _costs(work: Work, numbers: Iterable[str]) -> dict[str, "Row[tuple[str, int, int]]"]:
    """How much of these parts lies in the bin, and what it cost."""
    wanted = sorted(numbers)
    if not wanted:
        return {}
    in_bin = select(StockBalance.part_number, StockBalance.quantity_units, StockBalance.value_milli).where(
        StockBalance.dealer_id == work.dealer, StockBalance.location == "bin", StockBalance.part_number.in_(wanted)
    )
    return {row.part_number: row for row in work.execute(in_bin)}


def _counts(work: Work, stocktake: Stocktake, numbers: Iterable[str]) -> dict[str, list[OneCount]]:
    found: defaultdict[str, list[OneCount]] = defaultdict(list)
    of_lines = select(StockCount).where(StockCount.stocktake_id == stocktake.id, StockCount.part_number.in_(sorted(numbers)))
    for one in work.all(of_lines.order_by(StockCount.id)):
        told = OneCount(counted_by=one.counted_by, counted_at=one.counted_at, quantity=Quantity(one.units))
        found[one.part_number].append(told)
    return found


def _worth(line: StocktakeLine, costs: Mapping[str, "Row[tuple[str, int, int]]"]) -> int:
    return _worth_of(line.difference, costs.get(line.part_number))


def _worth_of(units: int, cost: "Row[tuple[str, int, int]] | None") -> int:
    """In thousandths of the minor unit; of what there is nothing of by the books, nobody knows the cost: nothing."""
    if cost is None or not cost.quantity_units:
        return 0
    return int(cost.value_milli * units / Decimal(cost.quantity_units))


def _money(milli: int, currency: str) -> Money:
    return Money.rounded(Decimal(milli) / 1000, currency)
