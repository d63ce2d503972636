"""How much of a part lies where: balances and the ledger of moves."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Id, Money, Part, Quantity, Query
from contracts.parts.catalogue import CataloguePart
from contracts.shared import Cursor, Limit, Page, PartNumber

Location = Literal["supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit"]
"""供应商, 货位, 在制 (work in progress), 客户, 报废, 差异, 在途."""

MoveKind = Literal["received", "corrected", "issued", "returned", "deducted", "undone"]


class LocationBalance(Part):
    """How much of a part is at one location; outside locations (supplier, customer, discrepancy) may be negative."""

    location: Location
    quantity: Quantity


class PartStock(CataloguePart):
    """A part with its stock (Rule P2). `available` is what may still be promised: `on_hand` in the bin less `reserved`."""

    asked_for: str
    on_hand: Quantity
    reserved: Quantity
    available: Quantity
    average_cost: Money | None = None
    locations: list[LocationBalance]


class Move(Answer):
    """One entry of the stock ledger; it is never changed."""

    id: Id
    kind: MoveKind
    part_number: PartNumber
    quantity: Quantity
    from_location: Location
    to_location: Location
    document_id: Id
    work_order_id: Id | None = None
    line_id: Id | None = None
    reason: str | None = None
    moved_at: datetime
    moved_by: str


class Moves(Answer, Page):
    """A page of the ledger, the newest entry first."""

    items: list[Move]


class GetPart(Query, service="parts", answer=PartStock):
    """A part and its stock by number.

    A superseded number finds its final successor, unless `resolve` is false.
    """

    part_number: PartNumber
    resolve: bool = True


class ListMoves(Query, service="parts", answer=Moves):
    """The stock ledger by part or work order.

    Both may be given.
    """

    part_number: PartNumber | None = None
    work_order_id: Id | None = None
    cursor: Cursor = None
    limit: Limit = 50
