"""Queries of stock."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import or_, select

from chassis import Invalid, Money, NotFound, Quantity, Work, page
from chassis.wire.keys import bare
from chassis.wire.searching import writings
from contracts.parts.catalogue import CatalogueParts, ListedPart, ListParts
from contracts.parts.stock import ChainStock, GetPart, ListMoves, LocationBalance, Moves, PartStock
from contracts.shared import BARCODE, PART_NUMBER
from services.parts.catalogue.part import Part, numbers_of, scanned, supersessions_of
from services.parts.catalogue.supersession import interchangeable
from services.parts.stock.balance import ON_HAND, StockBalance
from services.parts.stock.move import StockMove


def get_part(work: Work, query: GetPart) -> PartStock:
    """A part without any moves has no stock, but is found."""
    asked_for = scanned(work, query.part_number) or PART_NUMBER.key(query.part_number)
    candidates = interchangeable(asked_for, supersessions_of(work, [asked_for]))
    of_chain = _balances(work, candidates)
    chain = [_chain_stock(number, balances) for number, balances in of_chain.items()]
    number = asked_for
    if query.resolve:
        number = next((one.part_number for one in chain if one.available.units > 0), candidates[-1])
    part = work.first(select(Part).where(Part.number == number))
    if part is None:
        raise NotFound("not_found", kind="part", id=asked_for)
    balances = of_chain[number]
    in_bin = balances.get("bin")
    inside = [one for location, one in balances.items() if location in ON_HAND]
    on_hand = sum(one.quantity_units for one in inside)
    cost = Decimal(sum(one.value_milli for one in inside)) / on_hand if on_hand else None
    return PartStock(
        **vars(part.describe()),
        asked_for=asked_for,
        on_hand=Quantity(on_hand),
        in_bin=Quantity(in_bin.quantity_units if in_bin else 0),
        reserved=Quantity(in_bin.reserved_units if in_bin else 0),
        available=Quantity(in_bin.available if in_bin else 0),
        average_cost=None if cost is None else Money.rounded(cost, part.currency),
        locations=[LocationBalance(location=one.location, quantity=Quantity(one.quantity_units)) for one in balances.values()],
        chain=chain,
    )


def list_parts(work: Work, query: ListParts) -> CatalogueParts:
    """Both sides are folded alike: a number is found with or without its dashes, a name without its accents or by pinyin."""
    found = select(Part)
    if query.search:
        found = found.where(
            or_(
                Part.number_key.contains(bare(query.search), autoescape=True),
                Part.barcode_key == BARCODE.key(query.search),
                *(Part.names.contains(one, autoescape=True) for one in writings(query.search)),
            )
        )
    parts, cursor = page(work, found, query, keys=[Part.number])
    of_parts = _balances(work, [part.number for part in parts])
    items = [_listed(part, _chain_stock(part.number, of_parts[part.number])) for part in parts]
    return CatalogueParts(items=items, next_cursor=cursor)


def _listed(part: Part, stock: ChainStock) -> ListedPart:
    return ListedPart(**vars(part.describe()), on_hand=stock.on_hand, available=stock.available)


def _balances(work: Work, numbers: Iterable[str]) -> dict[str, dict[str, StockBalance]]:
    """What lies where of these parts, by one statement."""
    found: dict[str, dict[str, StockBalance]] = {number: {} for number in numbers}
    for balance in work.all(select(StockBalance).where(StockBalance.part_number.in_(found)).order_by(StockBalance.location)):
        found[balance.part_number][balance.location] = balance
    return found


def _chain_stock(number: str, balances: Mapping[str, StockBalance]) -> ChainStock:
    in_bin = balances.get("bin")
    return ChainStock(
        part_number=number,
        on_hand=Quantity(sum(one.quantity_units for location, one in balances.items() if location in ON_HAND)),
        available=Quantity(in_bin.available if in_bin else 0),
    )


def list_moves(work: Work, query: ListMoves) -> Moves:
    """Raises Invalid unless a part, a work order or a document is named."""
    if query.part_number is None and query.work_order_id is None and query.document_id is None:
        raise Invalid.field("part_number", "needs_part_order_or_document")
    found = select(StockMove)
    if query.part_number is not None:
        number = numbers_of(work, [query.part_number]).of(query.part_number)
        found = found.where(StockMove.part_number == number)
    if query.work_order_id is not None:
        found = found.where(StockMove.work_order_id == query.work_order_id)
    if query.document_id is not None:
        found = found.where(StockMove.document_id == query.document_id)
    items, cursor = page(work, found, query, keys=[StockMove.id])
    return Moves(items=[move.describe(work.profile.currency) for move in items], next_cursor=cursor)
