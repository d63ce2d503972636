"""What is due to be counted, by ABC class: fast movers often, slow ones seldom (Rule P6, 循环盘点)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from sqlalchemy import select

from chassis import Work
from contracts.parts.catalogue import AbcClass
from services.parts.replenishing.demand import class_of
from services.parts.stock.balance import StockBalance
from services.parts.stocktaking.settings import StocktakingSettings

CLASSES: tuple[AbcClass, ...] = get_args(AbcClass)


def due_parts(work: Work, wanted: AbcClass, most: int) -> list[str]:
    """Up to so many parts of a class that are due, the longest not counted first."""
    due = (
        number
        for number, abc_class, is_due in classed_parts(work, work.settings(StocktakingSettings))
        if is_due and abc_class == wanted
    )
    return [number for _, number in zip(range(most), due, strict=False)]


def classed_parts(work: Work, settings: StocktakingSettings) -> Iterator[tuple[str, AbcClass, bool]]:
    """Each part that lies in a bin, its class, and whether it is due: not counted for so long, nor being counted."""
    found = select(StockBalance.part_number, StockBalance.counted_at, StockBalance.frozen_for).where(
        StockBalance.dealer_id == work.dealer, StockBalance.location == "bin", StockBalance.quantity_units > 0
    )
    classed = class_of(work)
    until = {one: work.now - timedelta(days=settings.every_days(one)) for one in CLASSES}
    counted = StockBalance.counted_at.is_not(None)
    for row in work.execute(found.order_by(counted, StockBalance.counted_at, StockBalance.part_number)):
        abc_class = classed(row.part_number)
        is_due = row.counted_at is None or row.counted_at <= until[abc_class]
        yield row.part_number, abc_class, row.frozen_for is None and is_due
