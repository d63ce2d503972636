"""A car's history in the group (维修履历, Rule W22): what each dealer did on it, without anybody's name, words or price."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, DealerId, Id, Part, Quantity, Query, text, whole
from contracts.shared import LineKind, Listing, OperationCode, Page, PartNumber, Plate, Vin
from contracts.workshop.comeback import WorkClass
from contracts.workshop.damage import Panel
from contracts.workshop.declined_work import Origin

Since = Literal["open", "done", "dismissed"]
"""未处理, 已做, 不再推荐."""


class WorkDone(Part):
    """Work that was done, or a part that was fitted: by its number and what the catalogue calls it; of outside work its kind."""

    kind: LineKind
    operation_code: OperationCode | None = None
    part_number: PartNumber | None = None
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    quantity: Quantity | None = None
    panel: Panel | None = None


class WorkLeft(Part):
    """Work that was declined at the visit, or recommended for later, and what became of it since; nobody's reason.

    `description`, which may have been typed, only at the dealer whose visit it was.
    """

    kind: LineKind
    origin: Origin
    since: Since
    operation_code: OperationCode | None = None
    part_number: PartNumber | None = None
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    description: Annotated[str | None, text(200)] = None
    quantity: Quantity | None = None
    panel: Panel | None = None
    safety: bool


class CarVisit(Part):
    """A visit of the car that ended with its delivery. `work_order_id` only where it is the asking dealer's own."""

    vin: Vin
    dealer: DealerId
    order_number: Annotated[str, text(20)]
    work_order_id: Id | None = None
    delivered_at: datetime
    mileage: Annotated[int, whole(0)]
    work_classes: list[WorkClass]
    done: list[WorkDone]
    left: list[WorkLeft]


class VehicleHistory(Answer, Page):
    """A page of the visits of a car, at whichever dealer, the last one first; `vins` are the cars that were meant."""

    vins: list[Vin]
    items: list[CarVisit]


class ListVehicleHistory(Query, Listing, service="workshop", answer=VehicleHistory):
    """A car's history in the group.

    Of exactly one of a file (`vehicle_id`), a `vin` or a `plate`. A plate is looked for among the dealer's own files, and where
    none has it among its own orders: whose plate it is at another dealer, nobody is told; if several of the dealer's cars have
    it, each visit says of which it is. Work is there from the delivery on; what was reversed is gone.
    """

    vehicle_id: Id | None = None
    vin: Vin | None = None
    plate: Plate | None = None
