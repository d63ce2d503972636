"""The walk-around inspection (环车检查) at reception: how the car was when it was taken over, and signed for (Rule W2)."""

from dataclasses import field
from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import Colleague, CustomerFacts, Login, Name, Plate, Reason, VehicleFacts
from contracts.signing import Signature, Signing
from contracts.workshop.custody import HandOver, Held
from contracts.workshop.order import WorkOrderStatus

Panel = Literal[
    "front_bumper",
    "bonnet",
    "windscreen",
    "roof",
    "rear_window",
    "boot_lid",
    "rear_bumper",
    "left_headlight",
    "right_headlight",
    "left_tail_light",
    "right_tail_light",
    "left_front_wing",
    "left_front_door",
    "left_rear_door",
    "left_rear_wing",
    "left_sill",
    "left_mirror",
    "right_front_wing",
    "right_front_door",
    "right_rear_door",
    "right_rear_wing",
    "right_sill",
    "right_mirror",
    "left_front_wheel",
    "right_front_wheel",
    "left_rear_wheel",
    "right_rear_wheel",
    "underbody",
    "interior",
]
"""车身部位: the panels of a car, and what else is looked at on the way around it."""

DamageKind = Literal["scratch", "dent", "chip", "crack", "broken", "missing", "rust", "stain"]
"""划痕, 凹陷, 掉漆, 裂纹, 破损, 缺失, 锈蚀, 污渍."""

Equipment = Literal[
    "spare_wheel", "jack", "tool_kit", "warning_triangle", "extinguisher", "floor_mats", "charging_cable", "dash_camera"
]
"""备胎, 千斤顶, 随车工具, 三角警示牌, 灭火器, 脚垫, 充电线, 行车记录仪."""


class Damage(Part):
    """Damage of one panel, as it was found."""

    panel: Panel
    damage: DamageKind
    note: Annotated[str | None, text(200)] = None


class PropertyLeft(Part):
    """Something of the customer's that stays in the car (Rule W24)."""

    description: Annotated[str, text(120)]
    count: Annotated[int, whole(1, 999)] = 1


def _at_most(most: int) -> Any:
    return field(default_factory=list, metadata={"validate": validate.Length(max=most)})


class Findings(Part):
    """What was looked at, asked and taken over. The fuel is told in eighths of the gauge or in per cent."""

    mileage: Annotated[int, whole(0, 9_999_999)]
    fuel_eighths: Annotated[int | None, whole(0, 8)] = None
    fuel_percent: Annotated[int | None, whole(0, 100)] = None
    damages: list[Damage] = _at_most(100)
    equipment: list[Equipment] = _at_most(20)
    property_left: list[PropertyLeft] = _at_most(50)
    valuables_reminder: bool
    protective_covers: bool
    keys: Annotated[int, whole(0, 9)]
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
    """What the advisor needs at the car: the order, its newest walk-around, and who has keys and papers. `version`: its ETag."""

    work_order_id: Id
    version: Annotated[int, whole(1)]
    order_number: Annotated[str, text(20)]
    status: WorkOrderStatus
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)]
    last_mileage: Annotated[int | None, whole(0)] = None
    walk_around: WalkAround | None = None
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
