"""Queries of what to order."""

from decimal import Decimal
from typing import cast

from chassis import Money, Quantity, Work
from contracts.parts.catalogue import AbcClass
from contracts.parts.replenishment import OrderProposals, ProposedLine, ProposeOrders, SupplierProposal
from services.parts.catalogue.part import parts_of
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
