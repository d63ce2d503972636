"""A comeback (返修): the same car with the same kind of work again within its repair warranty, wherever it was done."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Part, text, whole
from chassis.wire.fields import DealerId
from contracts.shared import Login, Name, OperationCode, Reason

WorkClass = Literal["first_level", "second_level", "overhaul", "assembly", "special", "minor"]
"""一级维护, 二级维护, 大修, 总成修理, 专项修理, 小修 (Rules W29, W32)."""

Priority = Literal["comeback", "booked", "normal"]
"""返修, 预约, 一般."""


class EarlierRepair(Part):
    """Work that was done on this car before, and until when it is warranted: whichever comes first."""

    operation_group: OperationCode
    dealer: DealerId
    order_number: Annotated[str, text(20)]
    delivered_at: datetime
    warranted_until: datetime
    warranted_mileage: Annotated[int, whole(0)]


RoadTestAsk = Literal["asked", "withdrawn"]
"""要求路试, 撤回: a road test before the final inspection is asked for, or no longer."""

TestDriveOutcome = Literal["declined", "fixed", "not_fixed"]
"""客户放弃, 已修复, 未修复."""

ComebackCause = Literal["diagnosis", "workmanship", "part", "information"]
"""诊断, 施工, 配件, 信息."""


class ComebackSheet(Part):
    """What it came from (返修分析): said before the car is delivered (Rule W26)."""

    comeback_cause: ComebackCause
    original_technician: Name
    correction: Annotated[str, text(4000)]
    recorded_by: Login
    recorded_at: datetime


class Comeback(Part):
    """Why the order is a comeback, and what that came from. Overruled, it no longer is one."""

    repairs: list[EarlierRepair]
    sheet: ComebackSheet | None = None
    overruled_by: Login | None = None
    overruled_at: datetime | None = None
    overruled_because: Reason | None = None
