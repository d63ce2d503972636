"""Reading the ledger back: a part's whole one, and what a document's moves are worth today."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import select

from chassis import Work
from services.parts.stock.costing import Entry
from services.parts.stock.move import StockMove

Worth = Counter[tuple[str | None, str, bool]]


def ledger_of(work: Work, number: str) -> list[Entry]:
    """Every move of a part in the order they were made, as plain rows: a part that is sold daily has many."""
    columns = (getattr(StockMove, name) for name in Entry.__annotations__)
    rows = work.execute(select(*columns).where(StockMove.part_number == number).order_by(StockMove.id))
    return cast("list[Entry]", rows)


def received_by(work: Work, receipt_id: str) -> list[tuple[Entry, int]]:
    """The moves of a receipt, each with how much of it has not gone back to the supplier yet."""
    received = work.all(
        select(StockMove).where(StockMove.document_id == receipt_id, StockMove.kind == "received").order_by(StockMove.id)
    )
    back: Counter[str] = Counter()
    for row in work.execute(
        select(StockMove.of_move, StockMove.quantity_units).where(StockMove.of_move.in_([one.id for one in received]))
    ):
        back[row.of_move] += row.quantity_units
    return [(one, one.quantity_units - back[one.id]) for one in received]


def binned_since(work: Work, numbers: Collection[str], at: datetime) -> Counter[str]:
    """By how much what lies in the bins of these parts became more since then; that moment counts as since."""
    more: Counter[str] = Counter()
    moves = select(StockMove).where(StockMove.part_number.in_(sorted(numbers)), StockMove.moved_at >= at)
    for move in work.all(moves):
        more[move.part_number] += move.quantity_units * ((move.to_location == "bin") - (move.from_location == "bin"))
    return more


def worth_of_deducted(work: Work, deduction_id: str) -> Worth:
    """What a deduction's parts cost as known today, by line, part, and whether they came from discrepancy."""
    worth: Worth = Counter()
    for row in work.execute(
        select(StockMove.line_id, StockMove.part_number, StockMove.from_location, StockMove.value_milli).where(
            StockMove.document_id == deduction_id, StockMove.kind.in_(("deducted", "revalued"))
        )
    ):
        worth[row.line_id, row.part_number, row.from_location == "discrepancy"] += row.value_milli
    return worth
