"""Telling when a part without stock would come (Rule W6): with what is on its way and free, else after a lead time."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import func, select

from chassis import Work
from contracts.parts.supply_events import MOST_PARTS, PartSupply
from services.parts.catalogue.part import supersessions_of
from services.parts.catalogue.supersession import chain, interchangeable
from services.parts.catalogue.supply_notice import announce, locked_series
from services.parts.purchasing.line import ON_ITS_WAY, PurchaseLine
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder
from services.parts.stock.balance import Balances, StockBalance, is_free
from services.parts.supplier.supplier import Supplier
from services.parts.supplier.supplier_part import SupplierPart


def tell_crossed(work: Work) -> None:
    """Tell of the parts of which the last piece was promised in this transaction, or of which there is one again."""
    crossed = work.shared(Balances).crossed(work.dealer)
    if crossed:
        tell_supply(work, crossed)


def tell_terms(work: Work, numbers: Iterable[str]) -> None:
    """Other terms of these parts are known; they matter where there is no stock."""
    tell_supply(work, numbers, only_without_stock=True)


def tell_supply(work: Work, numbers: Iterable[str], *, only_without_stock: bool = False) -> None:
    """Tell how it is with these parts now, by the number that is sold today: old stock counts for it."""
    wanted = sorted(set(numbers))
    if not wanted:
        return
    series = locked_series(work)
    for start in range(0, len(wanted), MOST_PARTS):
        told = _supplies(work, wanted[start : start + MOST_PARTS])
        announce(work, series, [one for one in told if not (only_without_stock and one.free)])


def _supplies(work: Work, wanted: Collection[str]) -> list[PartSupply]:
    successors = supersessions_of(work, wanted)
    sold = sorted({chain(number, successors)[-1] for number in wanted})
    family = {number: interchangeable(number, successors) for number in sold}
    every = {one for numbers in family.values() for one in numbers}
    free = _free(work, every)
    without = [number for number in sold if not free & set(family[number])]
    coming, days = _coming(work, without), _lead_times(work, without)
    return [
        PartSupply(
            part_number=number,
            free=number not in without,
            expected_on=coming.get(number),
            lead_time_days=days.get(number),
        )
        for number in sold
    ]


def _free(work: Work, numbers: Iterable[str]) -> set[str]:
    """Of which of them something may still be promised: as this transaction has it in hand, else as it is kept."""
    balances = work.shared(Balances).of(work.dealer)
    known = {number: balances[number] for number in numbers if number in balances}
    free = {number for number, of_part in known.items() if is_free(of_part)}
    others = sorted(set(numbers) - known.keys())
    asked = select(StockBalance.part_number).where(
        StockBalance.dealer_id == work.dealer,
        StockBalance.part_number.in_(others),
        StockBalance.location == "bin",
        StockBalance.quantity_units > StockBalance.reserved_units,
    )
    return free | {row.part_number for row in work.execute(asked)} if others else free


def _coming(work: Work, numbers: Collection[str]) -> Mapping[str, date]:
    """The first day on which more of them comes than is on special order, for an appointment or for an order."""
    if not numbers:
        return {}
    line = select(PurchaseLine).where(PurchaseLine.part_number.in_(sorted(numbers)), ON_ITS_WAY)
    waiting: Counter[str] = Counter()
    for kind in (SpecialOrder, OrderPart):
        asked = select(kind.part_number, func.sum(kind.quantity_units).label("units")).where(
            kind.dealer_id == work.dealer, kind.state == kind.OPEN, kind.part_number.in_(sorted(numbers))
        )
        for row in work.execute(asked.group_by(kind.part_number)):
            waiting[row.part_number] += int(row.units)
    found: dict[str, date] = {}
    for one in work.all(line.order_by(PurchaseLine.expected_on, PurchaseLine.id)):
        waiting[one.part_number] -= one.outstanding
        if waiting[one.part_number] < 0 and one.expected_on is not None:
            found.setdefault(one.part_number, one.expected_on)
    return found


def _lead_times(work: Work, numbers: Collection[str]) -> Mapping[str, int]:
    """In how many days each of them would come: from its preferred supplier, else from the fastest; only from approved ones."""
    days = func.coalesce(SupplierPart.lead_time_days, Supplier.lead_time_days).label("days")
    asked = (
        select(SupplierPart.part_number, days)
        .join(Supplier, (Supplier.dealer_id == SupplierPart.dealer_id) & (Supplier.id == SupplierPart.supplier_id))
        .where(SupplierPart.dealer_id == work.dealer, SupplierPart.part_number.in_(sorted(numbers)), Supplier.approved)
        .order_by(SupplierPart.part_number, SupplierPart.preferred.desc(), days)
    )
    found: dict[str, int] = {}
    for row in work.execute(asked) if numbers else ():
        found.setdefault(row.part_number, row.days)
    return found
