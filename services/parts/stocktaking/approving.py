"""Approving a stocktake, and booking what differs: some hundred parts at a time, each once (Rule P6).

The stock is held for one slice only, so that a delivery never waits for a whole store, and memory does not grow with it.
"""

from sqlalchemy import ColumnElement, func, select

from chassis import Refused, Work, set_timer
from contracts.parts.stocktaking import ApproveStocktake, SetStocktakingSettings
from contracts.parts.stocktaking import Stocktake as StocktakeAnswer
from services.parts.reservation.queue import share_out
from services.parts.stock.balance import StockBalance, set_frozen
from services.parts.stock.move import Origin
from services.parts.stock.stock import open_stock
from services.parts.stocktaking.queries import require_counted, shown, worth
from services.parts.stocktaking.settings import StocktakingSettings
from services.parts.stocktaking.sheet import StockCount, StocktakeLine
from services.parts.stocktaking.stocktake import Stocktake

SLICE = 500


def approve(work: Work, command: ApproveStocktake) -> StocktakeAnswer:
    """Approve what was counted. Raises Refused while something is left to count, to who counted what differs, above the limit."""
    open_stock(work)
    stocktake = work.edit(Stocktake, command.stocktake_id)
    stocktake.require_counting()
    require_counted(work, stocktake)
    _refuse_counter(work, stocktake)
    missing, found = worth(work, stocktake)
    work.settings(StocktakingSettings).require_allowed(missing + found, work.call.roles)
    of_stocktake = StocktakeLine.dealer_id == work.dealer, StocktakeLine.stocktake_id == stocktake.id
    differing = work.execute(select(func.count()).select_from(StocktakeLine).where(*of_stocktake, StocktakeLine.differs()))
    stocktake.begin_booking(at=work.now, by=work.actor, differing=differing[0][0], missing=missing, found=found)
    agreed = select(StocktakeLine.part_number).where(*of_stocktake, StocktakeLine.counted_units == StocktakeLine.book_units)
    _free(work, stocktake, StockBalance.part_number.in_(agreed))
    _book_slice(work, stocktake)
    return shown(work, stocktake)


def book_differences(work: Work, stocktake_id: str) -> None:
    """Book the next ones."""
    open_stock(work)
    stocktake = work.edit(Stocktake, stocktake_id)
    if stocktake.state == "booking":
        _book_slice(work, stocktake)


def set_limits(work: Work, command: SetStocktakingSettings) -> StocktakingSettings:
    """Set limits and intervals."""
    settings = work.edit_settings(StocktakingSettings)
    settings.change(command)
    return settings


def _refuse_counter(work: Work, stocktake: Stocktake) -> None:
    """What somebody counted, another one approves."""
    of_line = (StockCount.dealer_id == StocktakeLine.dealer_id) & (StockCount.part_number == StocktakeLine.part_number)
    own = (
        select(StockCount.part_number)
        .join(StocktakeLine, of_line & (StockCount.stocktake_id == StocktakeLine.stocktake_id))
        .where(StockCount.stocktake_id == stocktake.id, StockCount.counted_by == work.actor, StocktakeLine.differs())
    )
    if number := work.first(own.order_by(StockCount.part_number)):
        raise Refused("approver_counted", part_number=number)


def _book_slice(work: Work, stocktake: Stocktake) -> None:
    unbooked = select(StocktakeLine).where(
        StocktakeLine.stocktake_id == stocktake.id, StocktakeLine.differs(), StocktakeLine.adjusted_units.is_(None)
    )
    lines = work.all(unbooked.order_by(StocktakeLine.part_number).limit(SLICE))
    numbers = [line.part_number for line in lines]
    _free(work, stocktake, StockBalance.part_number.in_(numbers))
    stock = open_stock(work, numbers)
    origin = Origin(stocktake.id, reason=stocktake.number)
    for line in lines:
        # A delivery may have taken since what the count did not find: there is no more to take away than lies there.
        units = max(line.difference, -stock.balance(line.part_number, "bin").quantity_units)
        if units > 0:
            line.adjust(units, stock.move("corrected", line.part_number, units, "discrepancy", "bin", origin=origin).value_milli)
        elif units < 0:
            line.adjust(
                units, -stock.move("corrected", line.part_number, -units, "bin", "discrepancy", origin=origin).value_milli
            )
        else:
            line.adjust(0, 0)
    share_out(work, stock, [line.part_number for line in lines if line.difference > 0], taken=numbers)
    if len(lines) < SLICE:
        stocktake.end_booking()
    else:
        set_timer(work, "book_differences", stocktake.id, work.now)


def _free(work: Work, stocktake: Stocktake, *bins: ColumnElement[bool]) -> None:
    """These bins are free, and were counted now."""
    set_frozen(work, None, StockBalance.frozen_for == stocktake.number, *bins, counted_at=work.now)
