"""Queries of what to order, of levels by hand, and of what ran low."""

from decimal import Decimal
from typing import cast

from sqlalchemy import select

from chassis import Money, Quantity, Work, matching, page
from contracts.parts.catalogue import AbcClass
from contracts.parts.level import ListLowParts, ListStockLevels, LowParts, StockLevels
from contracts.parts.level import LowPart as LowPartAnswer
from contracts.parts.replenishment import OrderProposals, ProposedLine, ProposeOrders, SupplierProposal
from services.parts.catalogue.part import numbers_of, parts_of
from services.parts.replenishing.level import StockLevel
from services.parts.replenishing.low_part import LowPart
from services.parts.replenishing.proposing import approved_suppliers, proposals_of, whole_pieces
from services.parts.supplier.supplier_part import ONE

MOST_SHOWN = 200


def propose_orders(work: Work, query: ProposeOrders) -> OrderProposals:
    """What to order now, by supplier."""
    suppliers = approved_suppliers(work)
    found = proposals_of(work, suppliers, query.service_level, query.cover_days)
    names = parts_of(work, (one.number for lines in found.by_supplier.values() for one in lines))
    currency = work.profile.currency
    proposals = []
    for supplier_id, lines in sorted(found.by_supplier.items(), key=lambda one: suppliers[one[0]].code_key):
        shown_lines = [
            ProposedLine(
                part_number=one.number,
                name_zh=names[one.number].name_zh,
                name_en=names[one.number].name_en,
                supplier_part_number=one.terms.their_number,
                abc_class=cast("AbcClass", one.abc_class),
                monthly_demand=Quantity(whole_pieces(one.monthly)),
                lead_time_days=one.lead_time_days,
                position=Quantity(one.position),
                reorder_point=Quantity(one.point),
                order_up_to=Quantity(one.level),
                by_hand=one.by_hand,
                proposed=Quantity(one.units),
                unit_price=Money(one.terms.price_minor, currency),
            )
            for one in lines
        ]
        total = Money.total((line.unit_price.times(Decimal(line.proposed.units) / ONE) for line in shown_lines), currency)
        proposals.append(
            SupplierProposal(supplier_id=supplier_id, supplier_code=suppliers[supplier_id].code, total=total, lines=shown_lines)
        )
    return OrderProposals(as_of=work.now, suppliers=proposals, nobody_sells=found.nobody_sells[:MOST_SHOWN])


def list_levels(work: Work, query: ListStockLevels) -> StockLevels:
    """Those by hand."""
    number = None if query.part_number is None else numbers_of(work, [query.part_number]).of(query.part_number)
    found = select(StockLevel).where(StockLevel.by_hand, *matching((StockLevel.part_number, number)))
    rows, cursor = page(work, found, query, keys=[StockLevel.part_number, StockLevel.id], ascending=True)
    return StockLevels(items=[one.describe() for one in rows], next_cursor=cursor)


def list_low_parts(work: Work, query: ListLowParts) -> LowParts:
    """The newest first."""
    rows, cursor = page(work, select(LowPart).where(LowPart.low), query, keys=[LowPart.since, LowPart.id])
    names = parts_of(work, (one.part_number for one in rows))
    items = [
        LowPartAnswer(
            part_number=one.part_number,
            name_zh=names[one.part_number].name_zh,
            name_en=names[one.part_number].name_en,
            since=one.since,
            position=Quantity(one.position_units),
            reorder_point=Quantity(one.point_units),
        )
        for one in rows
    ]
    return LowParts(items=items, next_cursor=cursor)
