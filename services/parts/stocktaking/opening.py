"""Opening a stocktake: its sheet is written and its bins are frozen, by few statements however many parts there are (Rule P6)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, or_, select

from chassis import IdType, Refused, Work
from contracts.parts.stocktaking import CancelStocktake, OpenStocktake
from contracts.parts.stocktaking import Stocktake as StocktakeAnswer
from services.parts.catalogue.part import Part
from services.parts.stock.balance import StockBalance, set_frozen
from services.parts.stock.stock import open_stock
from services.parts.stocktaking.due import due_parts
from services.parts.stocktaking.queries import shown
from services.parts.stocktaking.sheet import StocktakeLine
from services.parts.stocktaking.stocktake import Stocktake, next_number


def open_count(work: Work, command: OpenStocktake) -> StocktakeAnswer:
    """Freeze what is to be counted. Raises Refused where another stocktake counts, and if there is nothing to count."""
    open_stock(work)
    stocktake = Stocktake(
        number=next_number(work),
        zone=command.zone,
        abc_class=command.abc_class,
        opened_by=work.actor,
        opened_at=work.now,
        currency=work.profile.currency,
    )
    where = _in_zone(command.zone)
    if command.abc_class is not None:
        where = [*where, StockBalance.part_number.in_(due_parts(work, command.abc_class, command.most))]
    _refuse_frozen(work, where)
    of_bins = work.execute(_lying(where, func.count()))[0]
    stocktake.begin(of_bins[0])
    work.add(stocktake)
    _write_sheet(work, stocktake, where)
    return shown(work, stocktake)


def cancel(work: Work, command: CancelStocktake) -> StocktakeAnswer:
    """Book nothing, and free the bins."""
    open_stock(work)
    stocktake = work.edit(Stocktake, command.stocktake_id)
    stocktake.abandon(command.reason)
    set_frozen(work, None, StockBalance.frozen_for == stocktake.number)
    return shown(work, stocktake)


def _in_zone(zone: str | None) -> list[ColumnElement[bool]]:
    """A zone A has the places A and A-…; without one, every place counts, and what has none."""
    if zone is None:
        return []
    return [or_(Part.bin_location == zone, Part.bin_location.startswith(f"{zone}-", autoescape=True))]


def _lying(where: Sequence[ColumnElement[bool]], *columns: Any) -> Select[Any]:
    """Of what lies in these bins."""
    of_part = (Part.dealer_id == StockBalance.dealer_id) & (Part.number == StockBalance.part_number)
    lying = select(*columns).select_from(StockBalance).join(Part, of_part)
    return lying.where(StockBalance.location == "bin", StockBalance.quantity_units > 0, *where)


def _refuse_frozen(work: Work, where: Sequence[ColumnElement[bool]]) -> None:
    frozen = _lying([*where, StockBalance.frozen_for.is_not(None)], StockBalance.part_number, StockBalance.frozen_for)
    for row in work.execute(frozen.order_by(StockBalance.part_number).limit(1)):
        raise Refused("bins_frozen_already", part_number=row.part_number, stocktake=row.frozen_for)


def _write_sheet(work: Work, stocktake: Stocktake, where: Sequence[ColumnElement[bool]]) -> None:
    place = func.coalesce(Part.bin_location, "")
    columns = ("dealer_id", "stocktake_id", "part_number", "bin_location", "state", "counts")
    values = (
        literal(work.dealer),
        literal(stocktake.id, IdType),
        StockBalance.part_number,
        place,
        literal("to_count"),
        literal(0),
    )
    lying = _lying([*where, StockBalance.dealer_id == work.dealer], *values)
    work.execute(insert(StocktakeLine).from_select(columns, lying))
    on_sheet = select(StocktakeLine.part_number).where(
        StocktakeLine.dealer_id == work.dealer, StocktakeLine.stocktake_id == stocktake.id
    )
    set_frozen(work, stocktake.number, StockBalance.location == "bin", StockBalance.part_number.in_(on_sheet))
