"""Damage of a car at its final inspection: each damaged panel is as before, or has new damage (Rule W11)."""

from datetime import datetime

from chassis import Invalid
from contracts.workshop.damage import Damage, Panel
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.inspection import Verdict


def compare(order: WorkOrder, verdict: Verdict, *, at: datetime) -> None:
    """New damage is noted on the order, and told. Raises Invalid for a pass that leaves out a panel that was damaged before."""
    found: set[Panel] = {one.panel for one in verdict.new_damages}
    left_out = [one for one in order.to_compare if one not in found and one not in verdict.as_before]
    if verdict.passed and left_out:
        raise Invalid.field("as_before", "panel_not_compared", panels=", ".join(left_out))
    for index, panel in enumerate(verdict.as_before):
        if panel in found:
            raise Invalid.field(f"as_before.{index}", "panel_has_new_damage", panel=panel)
    if verdict.new_damages:
        order.new_damage = [*order.new_damage, *(one.dump() for one in verdict.new_damages if one not in known(order))]
        order.new_damage_at = order.new_damage_at or at


def known(order: WorkOrder) -> list[Damage]:
    """New damage that an inspection told of before."""
    return [Damage.load(one) for one in order.new_damage]
