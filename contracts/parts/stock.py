"""How much of a part lies where: balances and the ledger of moves."""

from datetime import datetime
from typing import Literal

from chassis.wire import Answer, Id, Money, Part, Quantity, Query
from contracts.parts.catalogue import CataloguePart
from contracts.shared import Listing, Page, PartNumber

Location = Literal["supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit"]
"""供应商, 货位, 在制 (work in progress), 客户, 报废, 差异, 在途."""

MoveKind = Literal["received", "receipt_undone", "sent_back", "corrected", "issued", "returned", "deducted", "undone", "revalued"]
"""入库, 入库冲销, 退供应商, 更正, 领料, 退库, 扣减, 撤销扣减, 成本调整."""


class LocationBalance(Part):
    """How much of a part is at one location; outside locations (supplier, customer, discrepancy) may be negative."""

    location: Location
    quantity: Quantity


class ChainStock(Part):
    """The stock of one part of a chain of supersessions."""

    part_number: PartNumber
    on_hand: Quantity
    available: Quantity


class PartStock(CataloguePart):
    """A part with its stock (Rule P2).

    `on_hand` is what the house has: `in_bin` and in work in progress. `available` is what may still be promised: `in_bin` less
    `reserved`. `average_cost` is what a unit on hand cost; there is none without anything on hand. `chain` is what may be taken
    for the part that was asked for, in the order in which it is used up: old stock first.
    """

    asked_for: str
    on_hand: Quantity
    in_bin: Quantity
    reserved: Quantity
    available: Quantity
    average_cost: Money | None = None
    locations: list[LocationBalance]
    chain: list[ChainStock]


class Move(Answer):
    """One entry of the stock ledger; it is never changed. `value` is what the moved parts cost.

    A `revalued` entry moves value alone: move `of_move` was worth so much more or less, because a receipt was taken back since.
    """

    id: Id
    kind: MoveKind
    part_number: PartNumber
    quantity: Quantity
    value: Money
    from_location: Location
    to_location: Location
    document_id: Id
    work_order_id: Id | None = None
    line_id: Id | None = None
    of_move: Id | None = None
    reason: str | None = None
    reference: str | None = None
    moved_at: datetime
    moved_by: str


class Moves(Answer, Page):
    """A page of the ledger, the newest entry first."""

    items: list[Move]


class GetPart(Query, service="parts", answer=PartStock):
    """A part and its stock by number or barcode.

    `part_number` is what was typed or scanned: the number, however it is written, or the code on the label. Of a chain of
    supersessions, the oldest part that is available is shown, because it is used first, or else the newest; unless `resolve` is
    false.
    """

    part_number: PartNumber
    resolve: bool = True


class ListMoves(Query, Listing, service="parts", answer=Moves):
    """The stock ledger by part, work order or document.

    A document is a receipt, a slip or a delivery's deduction. Several may be given; all hold.
    """

    part_number: PartNumber | None = None
    work_order_id: Id | None = None
    document_id: Id | None = None
