"""Work that was declined on a car before, at any dealer of the group: proposed again until it is done or dismissed (Rule W8)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, DealerId, Id, Part, Quantity, Query, text, whole
from contracts.shared import LineKind, OperationCode, PartNumber, Payer, Reason, one_to
from contracts.workshop.damage import Panel
from contracts.workshop.order import WorkOrder

Origin = Literal["declined", "recommended"]
"""客户未同意, 维修建议."""


class DeclinedBefore(Part):
    """Work that was declined, or recommended for later: what, why, and at which dealer; without anybody's name or its price.

    What the catalogue calls it, in both languages, is `name_zh` and `name_en`; what was typed has neither. Another dealer reads
    what was typed only of what has neither an operation nor a part number: nothing else says what it is.
    """

    id: Id
    kind: LineKind
    description: Annotated[str | None, text(200)] = None
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    operation_code: OperationCode | None = None
    part_number: PartNumber | None = None
    quantity: Quantity | None = None
    reason: Reason
    origin: Origin
    panel: Panel | None = None
    area_dm2: Annotated[int | None, whole(1)] = None
    safety: bool
    dealer: DealerId
    order_number: Annotated[str, text(20)]
    declined_at: datetime


class DeclinedBeforeOfCar(Answer):
    """What was declined on a car and neither done nor dismissed since, each work once, the newest first; at most 50."""

    items: list[DeclinedBefore]


class ListDeclinedWork(Query, service="workshop", answer=DeclinedBeforeOfCar):
    """What was declined on a car before.

    At any dealer of the group, by the car's VIN: to be proposed when it is booked and when its order is opened. It is there from
    the delivery of the order on which it was declined, or the end of one that is void, until it is done in another order, at
    whichever dealer, or dismissed.
    """

    vehicle_id: Id


class ProposeDeclinedWork(Command, service="workshop", answer=WorkOrder):
    """Propose again what was declined before.

    Each becomes a line of the order, at the prices of today, and an estimate of them is issued at once, as additional work. What
    is on the order already is left out. Outside work is refused: nobody knows its price, it is put on the order as a line; so is
    what was recommended in words alone.
    """

    work_order_id: Id
    declined_work_ids: list[Id] = one_to(50)
    payer: Payer = "customer_pay"
    extra_minutes: Annotated[int, whole(0, 10_000)] = 0


class DismissDeclinedWork(Command, service="workshop", answer=DeclinedBeforeOfCar):
    """Propose declined work no more.

    The customer does not want to hear of it again, or it was done elsewhere.
    """

    vehicle_id: Id
    declined_work_id: Id
    reason: Reason
