"""Queries of stock."""

from decimal import Decimal

from sqlalchemy import select

from chassis import Invalid, Money, NotFound, Quantity, Work, page
from contracts.parts.stock import GetPart, ListMoves, LocationBalance, Moves, PartStock
from services.parts.catalogue.part import Part, successors_of
from services.parts.catalogue.supersession import chain
from services.parts.model import normalised
from services.parts.stock.balance import StockBalance
from services.parts.stock.move import StockMove


def get_part(work: Work, query: GetPart) -> PartStock:
    """A part without any moves has no stock, but is found."""
    asked_for = normalised(query.part_number)
    number = chain(asked_for, successors_of(work, [asked_for]))[-1] if query.resolve else asked_for
    part = work.first(select(Part).where(Part.number == number))
    if part is None:
        raise NotFound("not_found", kind="part", id=asked_for)
    balances = work.all(select(StockBalance).where(StockBalance.part_number == number).order_by(StockBalance.location))
    in_bin = next((one for one in balances if one.location == "bin"), None)
    cost = in_bin.average_cost_milli if in_bin else None
    return PartStock(
        **vars(part.describe()),
        asked_for=asked_for,
        on_hand=Quantity(in_bin.quantity_units if in_bin else 0),
        reserved=Quantity(in_bin.reserved_units if in_bin else 0),
        available=Quantity(in_bin.available if in_bin else 0),
        average_cost=None if cost is None else Money.rounded(Decimal(cost) / 1000, part.currency),
        locations=[LocationBalance(location=one.location, quantity=Quantity(one.quantity_units)) for one in balances],
    )


def list_moves(work: Work, query: ListMoves) -> Moves:
    """Raises Invalid unless a part or a work order is named."""
    if query.part_number is None and query.work_order_id is None:
        raise Invalid.field("part_number", "needs_part_or_work_order")
    number = normalised(query.part_number) if query.part_number is not None else None
    found = select(StockMove)
    if number is not None:
        found = found.where(StockMove.part_number == number)
    if query.work_order_id is not None:
        found = found.where(StockMove.work_order_id == query.work_order_id)
    filters = (number, query.work_order_id)
    items, cursor = page(work, found, keys=(StockMove.id,), cursor=query.cursor, limit=query.limit, filters=filters)
    return Moves(items=[move.describe() for move in items], next_cursor=cursor)
