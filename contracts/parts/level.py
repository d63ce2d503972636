"""At what stock a part is ordered, if somebody says so by hand; which parts ran low (库存预警) (Rule P4)."""

from datetime import datetime

from chassis.wire import Answer, Command, Id, Part, Quantity, Query
from contracts.shared import Amount, AmountOrNone, Listing, Page, PartNumber


class StockLevel(Answer):
    """A part's levels by hand: they count instead of those that are worked out from its demand."""

    id: Id
    version: int
    part_number: PartNumber
    by_hand: bool
    reorder_point: Quantity
    order_up_to: Quantity
    set_by: str
    set_at: datetime


class StockLevels(Answer, Page):
    """A page of levels by hand, by part number."""

    items: list[StockLevel]


class LowPart(Part):
    """A part that came to its reorder point, and since when; `position` and `reorder_point` are what they were then."""

    part_number: PartNumber
    name_zh: str
    name_en: str
    since: datetime
    position: Quantity
    reorder_point: Quantity


class LowParts(Answer, Page):
    """A page of parts that ran low, the newest first."""

    items: list[LowPart]


class SetStockLevel(Command, service="parts", answer=StockLevel):
    """Set a part's levels by hand.

    At the reorder point it is proposed up to the level, whatever its demand was (Rule P4). They replace what was set before.
    """

    part_number: PartNumber
    reorder_point: AmountOrNone
    order_up_to: Amount


class DropStockLevel(Command, service="parts", answer=StockLevel):
    """Work a part's levels out again.

    What was set by hand counts no more.
    """

    part_number: PartNumber


class ListStockLevels(Query, Listing, service="parts", answer=StockLevels):
    """Levels by hand.

    By part number; of one part, if it is given.
    """

    part_number: PartNumber | None = None


class ListLowParts(Query, Listing, service="parts", answer=LowParts):
    """Parts that ran low.

    Those that are at their reorder point since the last look, which is every hour; each is told once when it comes there.
    """
