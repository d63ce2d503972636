"""A traction battery's state of health, measurement by measurement (Rule W33). None is edited: the next one is another.

What a dealer recorded is the dealer's. Its trend, by chassis number and pack, is the group's and says nothing of anybody.
"""

from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Quantity, Work, belongs_to, new_id
from contracts.shared import DOCUMENT_NUMBER
from contracts.workshop import battery as contract
from contracts.workshop.battery import MAY_RISE, BatteryMethod, MeasureBattery
from contracts.workshop.battery_events import BatteryMeasured
from services.workshop.model import Base, never_changed
from services.workshop.order.work_order import WorkOrder

MOST = 200
"""So many measurements of a car are shown, the newest."""


class BatteryTrend(Base):
    """One point of a pack's trend. The group shares it: it knows no person."""

    __tablename__ = "battery_trend"
    __table_args__ = (Index("battery_trend_car_ix", "vin", "measured_at", "id"),)

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    vin: Mapped[str] = mapped_column(String(17))
    pack_key: Mapped[str] = mapped_column(String(60))
    pack_serial: Mapped[str] = mapped_column(String(60))
    percent_units: Mapped[int]
    method: Mapped[BatteryMethod] = mapped_column(String(13))
    mileage: Mapped[int]
    measured_at: Mapped[datetime]
    dealer: Mapped[str] = mapped_column(String(32))
    order_number: Mapped[str] = mapped_column(String(20))

    @property
    def percent(self) -> Quantity:
        """State of health."""
        return Quantity(self.percent_units)

    def describe(self) -> contract.BatteryMeasurement:
        """The point as it is answered."""
        return contract.BatteryMeasurement(
            percent=self.percent,
            battery_method=self.method,
            mileage=self.mileage,
            measured_at=self.measured_at,
            dealer=self.dealer,
            order_number=self.order_number,
        )


@never_changed
class BatteryCheck(Aggregate, Base):
    """One measurement at this dealer, with who measured and with what; its point of the trend has its id."""

    __tablename__ = "battery_check"
    __table_args__ = (belongs_to("work_order", "work_order_id"), Index(None, "dealer_id", "work_order_id", "id"))

    work_order_id: Mapped[str] = mapped_column(IdType)
    vin: Mapped[str] = mapped_column(String(17))
    pack_serial: Mapped[str] = mapped_column(String(60))
    percent_units: Mapped[int]
    method: Mapped[BatteryMethod] = mapped_column(String(13))
    tool: Mapped[str | None] = mapped_column(String(120))
    gauge: Mapped[str | None] = mapped_column(String(40))
    mileage: Mapped[int]
    mileage_reason: Mapped[str | None] = mapped_column(String(300))
    reason: Mapped[str | None] = mapped_column(String(300))
    measured_at: Mapped[datetime]
    measured_by: Mapped[str] = mapped_column(String(64))
    coverage_job: Mapped[int | None]

    @classmethod
    def of(
        cls,
        order: WorkOrder,
        told: MeasureBattery,
        *,
        gauge: str | None,
        before: BatteryTrend | None,
        limit: int,
        by: str,
        at: datetime,
    ) -> "BatteryCheck":
        """What was measured; `before` is the last measurement of the same pack. Raises Invalid naming the field."""
        if told.tool is None and gauge is None:
            raise Invalid.field("tool", "required")
        if before is not None and told.reason is None and told.percent > before.percent + Quantity.of(MAY_RISE):
            raise Invalid.field("percent", "better_without_reason", before=_plain(before.percent), most=MAY_RISE)
        measured = cls(
            id=new_id(),
            visit_id=order.visit_id,
            work_order_id=order.id,
            vin=order.vehicle["vin"],
            pack_serial=told.pack_serial,
            percent_units=told.percent.units,
            method=told.battery_method,
            tool=told.tool,
            gauge=gauge,
            mileage=told.mileage,
            mileage_reason=told.mileage_reason,
            reason=told.reason,
            measured_at=at,
            measured_by=by,
            coverage_job=told.job if told.percent < Quantity.of(limit) else None,
        )
        measured.announce(
            BatteryMeasured(
                work_order_id=order.id,
                pack_serial=told.pack_serial,
                percent=told.percent,
                battery_method=told.battery_method,
                measured_at=at,
                coverage_job=measured.coverage_job,
            )
        )
        return measured

    def describe(self) -> contract.BatteryCheck:
        """The measurement as it is answered."""
        return contract.BatteryCheck(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            vin=self.vin,
            pack_serial=self.pack_serial,
            percent=Quantity(self.percent_units),
            battery_method=self.method,
            tool=self.tool,
            gauge=self.gauge,
            mileage=self.mileage,
            mileage_reason=self.mileage_reason,
            reason=self.reason,
            measured_at=self.measured_at,
            measured_by=self.measured_by,
            coverage_job=self.coverage_job,
        )


def last_of(work: Work, vin: str, pack_serial: str) -> BatteryTrend | None:
    """The last measurement of that pack in that car, by whichever dealer."""
    of_pack = BatteryTrend.vin == vin, BatteryTrend.pack_key == DOCUMENT_NUMBER.key(pack_serial)
    newest = select(BatteryTrend).where(*of_pack).order_by(BatteryTrend.measured_at.desc(), BatteryTrend.id.desc())
    return work.first(newest.limit(1))


def keep_point(work: Work, order: WorkOrder, measured: BatteryCheck) -> None:
    """The measurement becomes a point of the group's trend."""
    point = {
        "id": measured.id,
        "vin": measured.vin,
        "pack_key": DOCUMENT_NUMBER.key(measured.pack_serial),
        "pack_serial": measured.pack_serial,
        "percent_units": measured.percent_units,
        "method": measured.method,
        "mileage": measured.mileage,
        "measured_at": measured.measured_at,
        "dealer": work.dealer,
        "order_number": order.number,
    }
    work.insert_new(BatteryTrend, point)


def packs_of(work: Work, vin: str, check_below: int) -> contract.Battery:
    """The packs of the car, the one that was measured last first; each with its trend."""
    found = select(BatteryTrend).where(BatteryTrend.vin == vin)
    packs: dict[str, list[BatteryTrend]] = {}
    for one in work.all(found.order_by(BatteryTrend.measured_at.desc(), BatteryTrend.id.desc()).limit(MOST)):
        packs.setdefault(one.pack_key, []).insert(0, one)
    described = [
        contract.BatteryPack(pack_serial=points[-1].pack_serial, measurements=[one.describe() for one in points])
        for points in packs.values()
    ]
    return contract.Battery(vin=vin, check_below=check_below, packs=described)


def _plain(percent: Quantity) -> str:
    return str(percent).rstrip("0").rstrip(".")
