"""What customers got of each part in the last two years, and what there is of it (Rule P4): by a few statements for all parts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from sqlalchemy import case, func, select

from chassis import Work
from contracts.parts.catalogue import AbcClass
from services.parts.catalogue.part import Part
from services.parts.catalogue.supersession import chain
from services.parts.purchasing.line import PurchaseLine
from services.parts.purchasing.purchase_order import PurchaseOrder
from services.parts.replenishing.forecasting import DAYS
from services.parts.reservation.line import ReservationLine
from services.parts.reservation.reservation import Reservation
from services.parts.stock.balance import StockBalance
from services.parts.stock.move import StockMove

PERIODS = 24
YEAR = 12
"""Periods whose turnover classes a part."""

ENDED = ("received", "cancelled")
CLASSES = ((80, "A"), (95, "B"), (100, "C"))
"""Up to which percent of the turnover a part is of which class."""


@dataclass
class Stocked:
    """A part with those that it replaces: demand by period, the oldest first; turnover of a year; what there will be."""

    demand: list[int] = field(default_factory=lambda: [0] * PERIODS)
    turnover: int = 0
    position: int = 0


def stocked_parts(work: Work, newest: Callable[[str], str]) -> dict[str, Stocked]:
    """Every part that was ever asked for or is waited for, by the newest number of its chain."""
    parts: defaultdict[str, Stocked] = defaultdict(Stocked)
    for number, period, units, value in _demand(work):
        part = parts[newest(number)]
        part.demand[PERIODS - 1 - period] += units
        part.turnover += value if period < YEAR else 0
    for number, units in _position(work).items():
        parts[newest(number)].position += units
    return dict(parts)


def classes(parts: Mapping[str, Stocked]) -> dict[str, str]:
    """ABC by turnover: A makes the first 80 % of it, B the next 15 %, C the rest."""
    whole = sum(max(0, part.turnover) for part in parts.values())
    so_far, found = 0, {}
    for number, part in sorted(parts.items(), key=lambda one: (-one[1].turnover, one[0])):
        found[number] = next((name for most, name in CLASSES if so_far * 100 < whole * most), "C")
        so_far += max(0, part.turnover)
    return found


def class_of(work: Work) -> Callable[[str], AbcClass]:
    """The class of any part: that of the newest number of its chain, and C for what nobody asked for."""
    newest = newest_number(work)
    parts: defaultdict[str, Stocked] = defaultdict(Stocked)
    for number, period, _, value in _demand(work):
        parts[newest(number)].turnover += value if period < YEAR else 0
    found = classes(parts)
    return lambda number: cast("AbcClass", found.get(newest(number), "C"))


def newest_number(work: Work) -> Callable[[str], str]:
    """What a number is called now: the newest of its chain."""
    part = Part.__table__.c
    superseded = select(part.number, part.successor).where(part.dealer_id == work.dealer, part.successor.is_not(None))
    successors = {row.number: row.successor for row in work.execute(superseded)}
    return lambda number: chain(number, successors)[-1] if number in successors else number


def _demand(work: Work) -> list[tuple[str, int, int, int]]:
    """(part, period, units, value) of what customers got, less what was undone; period 0 is the last one."""
    since = [work.now - timedelta(days=DAYS * (period + 1)) for period in range(PERIODS)]
    period = case(*((StockMove.moved_at > at, number) for number, at in enumerate(since)), else_=PERIODS)
    sign = case((StockMove.kind == "deducted", 1), else_=-1)
    asked = (
        select(
            StockMove.part_number,
            period.label("period"),
            func.sum(sign * StockMove.quantity_units).label("units"),
            func.sum(sign * StockMove.value_milli).label("value"),
        )
        .where(
            StockMove.dealer_id == work.dealer,
            StockMove.kind.in_(("deducted", "undone")),
            StockMove.moved_at > since[-1],
        )
        .group_by(StockMove.part_number, period)
    )
    return [(row.part_number, int(row.period), int(row.units), int(row.value)) for row in work.execute(asked)]


def _position(work: Work) -> Counter[str]:
    """What there will be of each part: available, less what is waited for, with what is on order, also on drafts."""
    position: Counter[str] = Counter()
    free = (StockBalance.quantity_units - StockBalance.reserved_units).label("units")
    in_bin = select(StockBalance.part_number, free)
    for row in work.execute(in_bin.where(StockBalance.dealer_id == work.dealer, StockBalance.location == "bin")):
        position[row.part_number] += row.units
    short = ReservationLine.wanted_units - ReservationLine.reserved_units - ReservationLine.issued_units
    waiting = (
        select(ReservationLine.number, func.sum(short).label("units"))
        .join(
            Reservation,
            (Reservation.dealer_id == ReservationLine.dealer_id) & (Reservation.id == ReservationLine.reservation_id),
        )
        .where(ReservationLine.dealer_id == work.dealer, Reservation.state == "open", ReservationLine.is_short())
        .group_by(ReservationLine.number)
    )
    for row in work.execute(waiting):
        position[row.number] -= int(row.units)
    outstanding = PurchaseLine.quantity_units - PurchaseLine.received_units - PurchaseLine.given_up_units
    ordered = (
        select(PurchaseLine.part_number, func.sum(outstanding).label("units"))
        .join(
            PurchaseOrder,
            (PurchaseOrder.dealer_id == PurchaseLine.dealer_id) & (PurchaseOrder.id == PurchaseLine.purchase_order_id),
        )
        .where(PurchaseLine.dealer_id == work.dealer, PurchaseOrder.state.not_in(ENDED))
        .group_by(PurchaseLine.part_number)
    )
    for row in work.execute(ordered):
        position[row.part_number] += int(row.units)
    return position
