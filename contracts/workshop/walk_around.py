"""The walk-around inspection (环车检查) at reception: how the car was when it was taken over, and signed for (Rule W2)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import Colleague, CustomerFacts, Login, Name, Plate, Reason, VehicleFacts, up_to
from contracts.signing import Signature, Signing
from contracts.workshop.custody import MOST_KEYS, HandOver, Held
from contracts.workshop.damage import CarAcceptance, Damage
from contracts.workshop.evidence import Attachment
from contracts.workshop.order import WorkOrderStatus

Equipment = Literal[
    "spare_wheel", "jack", "tool_kit", "warning_triangle", "extinguisher", "floor_mats", "charging_cable", "dash_camera"
]
"""备胎, 千斤顶, 随车工具, 三角警示牌, 灭火器, 脚垫, 充电线, 行车记录仪."""


class PropertyLeft(Part):
    """Something of the customer's that stays in the car (Rule W24)."""

    description: Annotated[str, text(120)]
    count: Annotated[int, whole(1, 999)] = 1


class Findings(Part):
    """What was looked at, asked and taken over. The fuel is told in eighths of the gauge or in per cent."""

    mileage: Annotated[int, whole(0, 9_999_999)]
    fuel_eighths: Annotated[int | None, whole(0, 8)] = None
    fuel_percent: Annotated[int | None, whole(0, 100)] = None
    damages: list[Damage] = up_to(100)
    equipment: list[Equipment] = up_to(20)
    property_left: list[PropertyLeft] = up_to(50)
    valuables_reminder: bool
    protective_covers: bool
    keys: Annotated[int, whole(0, MOST_KEYS)]
    registration: bool
    service_book: bool
    remarks: Annotated[str | None, text(1000)] = None


class WalkAround(Answer):
    """One version of an order's walk-around. It may be corrected until it is signed; a later correction is a new version."""

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    order_number: Annotated[str, text(20)]
    plate: Plate
    customer_name: Name
    walk_around_version: Annotated[int, whole(1)]
    corrected_because: Reason | None = None
    recorded_by: Login
    recorded_at: datetime
    findings: Findings
    document_hash: DocumentHash
    signature: Signature | None = None


class Reception(Answer):
    """What the advisor needs at the car: the order, its newest walk-around with its photos and those that a driver took at the
    door, how the team took the car over, and who has keys and papers. `version`: its ETag.
    """

    work_order_id: Id
    version: Annotated[int, whole(1)]
    order_number: Annotated[str, text(20)]
    status: WorkOrderStatus
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)]
    last_mileage: Annotated[int | None, whole(0)] = None
    walk_around: WalkAround | None = None
    photos: list[Attachment]
    door_photos: list[Attachment]
    acceptance: CarAcceptance | None = None
    held: list[Held]
    hand_overs: list[HandOver]
    colleagues: list[Colleague]


class RecordWalkAround(Command, Findings, service="workshop", answer=WalkAround):
    """Record the walk-around.

    How the car is now, with what was taken over. Recorded again, it replaces what nobody has signed yet; what is signed stays,
    and a correction with its reason becomes the next version. A mileage below the last known needs a reason.
    """

    work_order_id: Id
    mileage_reason: Reason | None = None
    corrected_because: Reason | None = None


class SignWalkAround(Command, service="workshop", answer=WalkAround):
    """Sign the walk-around.

    The customer was reminded of valuables and accepts how the car was found. Keys and papers are in the advisor's custody from
    then on.
    """

    work_order_id: Id
    signature: Signing


class GetWalkAround(Query, service="workshop", answer=WalkAround):
    """Show the walk-around.

    The version that is asked for, else the newest.
    """

    work_order_id: Id
    walk_around_version: Annotated[int | None, whole(1)] = None


class GetReception(Query, service="workshop", answer=Reception):
    """Show a car at reception.

    With its newest walk-around, and who has its keys and papers.
    """

    work_order_id: Id
