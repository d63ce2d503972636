"""State of health (SOH, 健康度) of a traction battery: what was measured, and its trend over all dealers (Rule W33)."""

from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from chassis.wire import Answer, Command, Id, Part, Quantity, Query, text, whole
from chassis.wire.values import QuantityField
from contracts.shared import DocumentNumber, Login, Reason, Vin
from contracts.workshop.equipment import EquipmentCode

BATTERY_CHECK_BELOW = 70
BATTERY_UNIT = "% SOH"
"""What a gauge measures that tells a state of health: a brake tester tells per cent, too, and is none."""

MAY_RISE = 3
"""By so many points two measurements of one pack may differ upwards: more needs a reason."""

BatteryMethod = Literal["bms_readout", "capacity_test", "charge_curve"]
"""读取 BMS, 容量测试, 充电曲线."""

READ_OUT: BatteryMethod = "bms_readout"
"""What the car says itself: read with a tool, it is not measured."""

StateOfHealth = Annotated[Quantity, QuantityField(validate=validate.Range(min=Quantity(0), max=Quantity.of(100)))]
Percent = Annotated[int, whole(0, 100)]
Mileage = Annotated[int, whole(0, 9_999_999)]


class BatteryMeasurement(Part):
    """One measurement of one pack, by whichever dealer: who measured is not said."""

    percent: StateOfHealth
    battery_method: BatteryMethod
    mileage: Mileage
    measured_at: datetime
    dealer: Annotated[str, text(32)]
    order_number: Annotated[str, text(20)]


class BatteryPack(Part):
    """A pack of a car with its trend, the first measurement first. Another pack begins a trend of its own."""

    pack_serial: DocumentNumber
    measurements: list[BatteryMeasurement]


class Battery(Answer):
    """The packs of a car, the one that was measured last first. Below `check_below` percent coverage is looked at."""

    vin: Vin
    check_below: Percent
    packs: list[BatteryPack]


class BatteryCheck(Answer):
    """A measurement as this dealer recorded it. `coverage_job`: the job whose coverage it opened, if it was below the limit."""

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    vin: Vin
    pack_serial: DocumentNumber
    percent: StateOfHealth
    battery_method: BatteryMethod
    tool: Annotated[str | None, text(120)] = None
    gauge: EquipmentCode | None = None
    mileage: Mileage
    mileage_reason: Reason | None = None
    reason: Reason | None = None
    measured_at: datetime
    measured_by: Login
    coverage_job: Annotated[int | None, whole(1)] = None


class MeasureBattery(Command, service="workshop", answer=BatteryCheck):
    """Measure a battery's state of health.

    In percent, by which method, with which tool or gauge, of which pack. Once the dealer has a gauge for it (unit `% SOH`), what
    is not read out of the car names one. More than 3 points better than the last time needs a reason, and so does an odometer
    that shows less than it last did, or far more. Below the dealer's limit the coverage of the job becomes undetermined: its
    question is whether the manufacturer covers the pack (Rule W25). A measurement is never changed.
    """

    work_order_id: Id
    job: Annotated[int, whole(1, 99)] = 1
    pack_serial: DocumentNumber
    percent: StateOfHealth
    battery_method: BatteryMethod
    tool: Annotated[str | None, text(120)] = None
    gauge: EquipmentCode | None = None
    mileage: Mileage
    mileage_reason: Reason | None = None
    reason: Reason | None = None


class GetBattery(Query, service="workshop", answer=Battery):
    """Show the battery of a car.

    Each pack with its trend: what was measured at any dealer of the group.
    """

    vehicle_id: Id
