"""A stocktake in the words of the store: who counts what, and what the sheet says."""

from chassis.wire.values import Quantity
from contracts.parts.catalogue import ChangePart
from contracts.parts.stocktaking import (
    ApproveStocktake,
    CancelStocktake,
    CountedCode,
    CountParts,
    GetCountSheet,
    GetStocktake,
    ListDifferences,
    OpenStocktake,
)

CLERK, MANAGER = ("parts_clerk",), ("parts_clerk", "service_manager")


class Count:
    """One stocktake that is open at a desk."""

    def __init__(self, desk, **what):
        self.desk = desk
        self.id = desk.do(OpenStocktake(**what), actor="lin").id

    def counted(self, *told, by="sun", batch=None, counted_at=None, **how):
        """`("PAD", "3")`: what was scanned, and how much of it was counted."""
        lines = [CountedCode(code=code, quantity=Quantity.of(amount)) for code, amount in told]
        return self.desk.do(CountParts(stocktake_id=self.id, batch=batch, counted_at=counted_at, lines=lines), actor=by, **how)

    def approved(self, *, by="chen", roles=MANAGER):
        return self.desk.do(ApproveStocktake(stocktake_id=self.id), actor=by, roles=roles)

    def cancelled(self):
        return self.desk.do(CancelStocktake(stocktake_id=self.id, reason="the wrong zone"), actor="lin")

    def stands(self):
        """State; settled, to count, to count again."""
        one = self.desk.ask(GetStocktake(stocktake_id=self.id))
        return one.state, one.settled, one.to_count, one.to_count_again

    def sheet(self, who="sun"):
        """What is left for somebody, by place; and whether it is counted again."""
        found = self.desk.ask(GetCountSheet(stocktake_id=self.id), actor=who)
        return [(one.part_number, one.again) for one in found.items]

    def differences(self):
        """(part, booked, counted, difference, value), and nothing of who counted."""
        found = self.desk.ask(ListDifferences(stocktake_id=self.id))
        return [
            (one.part_number, *(float(q.decimal) for q in (one.booked, one.counted, one.difference)), str(one.value.amount))
            for one in found.items
        ]


def lies_at(scene, number, place, quantity="5", **facts):
    """So much of a part, new to the catalogue, lies at this place."""
    scene.catalogued(number, bin_location=place, **facts)
    scene.received(number, quantity)


def moved_to(scene, number, place):
    """The part's place is another one from now on."""
    part = scene.part(number, resolve=False)
    facts = {field: getattr(part, field) for field in ("name_zh", "name_en", "unit", "list_price")}
    scene.desk.do(ChangePart(part_id=part.id, bin_location=place, **facts))
