"""What parts answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from marshmallow import ValidationError, validate

from chassis.wire import Answer, Id, Money, Part, Quantity, text, whole
from chassis.wire.values import MoneyField, QuantityField
from contracts.parts.events import Deduction as DeductedPart
from contracts.shared import Page, PartNumber, PartRequest

Source = Literal["genuine", "oem", "aftermarket"]
"""原厂件, 配套件, 副厂件."""

AbcClass = Literal["A", "B", "C"]

Location = Literal["supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit"]
"""供应商, 货位, 在修 (work in progress), 客户, 报废, 差异, 在途."""

MoveKind = Literal["received", "corrected", "issued", "returned", "deducted", "undone"]

ReservationState = Literal["open", "moved", "released", "delivered"]
"""`moved`: the appointment's parts went over to its work order."""

TaskKind = Literal["shortage", "return_surplus"]
"""账实不符, 余料退库."""

TaskState = Literal["open", "resolved", "withdrawn"]
"""`withdrawn`: the delivery it belongs to was reversed."""


class AmountField(QuantityField):
    """More than nothing, and no more than any bin holds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": validate.Range(min=Quantity(1), max=Quantity.of(1_000_000))})


class PriceField(MoneyField):
    """Not negative, and no more than any part costs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": _is_a_price})


def _is_a_price(money: Money) -> None:
    if not 0 <= money.minor <= 10**12:
        raise ValidationError("Must not be negative, nor more than any part costs.")


Amount = Annotated[Quantity, AmountField]
Price = Annotated[Money, PriceField]


class CataloguePart(Answer):
    """A part of the dealer's catalogue (Rule P1); `successor` is the number that replaces it directly (替代件号)."""

    id: Id
    version: int
    part_number: PartNumber
    name_zh: str
    name_en: str
    unit: str
    source: Source
    list_price: Money
    core_charge: Money
    hazardous: bool
    successor: str | None = None
    abc_class: AbcClass | None = None


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


class CatalogueParts(Answer, Page):
    """A page of the catalogue, the highest part number first."""

    items: list[CataloguePart]


class BadRow(Part):
    """A row of a price file that breaks a rule. Rows count as a spreadsheet shows them: the header is row 1."""

    row: Annotated[int, whole(1)]
    field: Annotated[str, text(40)]
    rule: Annotated[str, text(40)]


class ImportReport(Answer):
    """What became of a price file: everything was imported, or - when there is one bad row - nothing.

    `edition` is the edition of the price list that the changed parts were published in; None when nothing changed.
    """

    imported: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    edition: int | None = None
    bad_rows: list[BadRow]


class ReceiptLine(Part):
    """So much of a part at a purchase price per unit."""

    part_number: PartNumber
    quantity: Amount
    unit_cost: Price


class Receipt(Answer):
    """Parts that came in from a supplier under one document of theirs (入库单)."""

    id: Id
    version: int
    reference: str
    supplier: str
    lines: list[ReceiptLine]
    received_at: datetime
    received_by: str


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


class ReservationLine(Part):
    """One line's parts: `asked_for` is the number of the request, `part_number` the one that is set aside for it.

    `wanted` = `reserved` (in the bin) + `issued` (in work) + `short`. `approved` only when the customer agreed to it.
    """

    line_id: Id
    asked_for: PartNumber
    part_number: PartNumber
    wanted: Quantity
    reserved: Quantity
    issued: Quantity
    short: Quantity
    approved: bool


class Reservation(Answer):
    """Parts set aside for an appointment or a work order (Rule P3).

    `plate` and `tag_date` stand on the tag of the pre-picked parts (预拣); `due` once the car is here or its order open.
    """

    id: Id
    version: int
    state: ReservationState
    appointment_id: Id | None = None
    work_order_id: Id | None = None
    plate: str
    tag_date: date | None = None
    bay: str | None = None
    arrived_at: datetime | None = None
    due: bool
    opened_at: datetime
    lines: list[ReservationLine]


class Reservations(Answer, Page):
    """A page of reservations, in no order that means anything."""

    items: list[Reservation]


class Slip(Answer):
    """A signed issue slip (出库单) or return slip (退库单); it is never changed."""

    id: Id
    version: int
    kind: Literal["issue", "return"]
    work_order_id: Id
    technician: str
    signature: str
    lines: list[PartRequest]
    signed_at: datetime
    handed_by: str


class Deduction(Answer):
    """What one delivery of a work order took off stock; `undone_at` when the delivery was reversed."""

    id: Id
    version: int
    work_order_id: Id
    revision: int
    lines: list[DeductedPart]
    deducted_at: datetime
    undone_at: datetime | None = None


class Deductions(Answer, Page):
    """The deductions of a work order, the latest delivery first."""

    items: list[Deduction]


class DeliveryDeduction(Part):
    """That a delivery was deducted, and whether its reversal has undone that."""

    work_order_id: Id
    revision: int
    undone: bool


class DeliveryDeductions(Answer):
    """Which deliveries of some work orders were deducted."""

    items: list[DeliveryDeduction]


class Task(Answer):
    """Something the parts desk must look into after a delivery."""

    id: Id
    version: int
    kind: TaskKind
    state: TaskState
    work_order_id: Id
    revision: int
    line_id: Id
    part_number: PartNumber
    quantity: Quantity
    opened_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    note: str | None = None


class Tasks(Answer, Page):
    """A page of tasks, the newest first."""

    items: list[Task]
