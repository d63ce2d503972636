"""When the dealer hands cars over, how many at once, and what is not delivered at its peaks (Rule W13)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, document
from chassis.wire.wall import on_the_wall, require_apart
from contracts.workshop import delivery_time as contract
from contracts.workshop.comeback import WorkClass
from contracts.workshop.delivery_time import CARS, SLOT_MINUTES, DeliveryInterval, PeakInterval
from services.workshop.model import Base
from services.workshop.order.line import State
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.opening_hours import WEEKDAYS, Opening

NO_MATTER = State.DECLINED, State.TAKEN_UP


class PeakRules(TypedDict):
    """When the house is full, and whose cars are not handed over then."""

    hours: list[dict[str, Any]]
    classes: list[WorkClass]
    insured: bool


@dataclass(frozen=True)
class Slot:
    """A time at which cars are handed over, and how many at once."""

    starts_at: datetime
    ends_at: datetime
    cars: int
    peak: bool


class DeliverySettings(DealerSettings, Base):
    """One per dealer."""

    __tablename__ = "delivery_settings"

    slot_minutes: Mapped[int]
    cars: Mapped[int]
    intervals: Mapped[list[dict[str, Any]]] = mapped_column(document)
    peaks: Mapped[PeakRules] = mapped_column(document)
    certified_classes: Mapped[list[WorkClass]] = mapped_column(document)

    @classmethod
    def with_defaults(cls, currency: str) -> "DeliverySettings":
        """Room for everybody, and no peak."""
        peaks = PeakRules(hours=[], classes=["overhaul", "assembly", "special"], insured=True)
        certified: list[WorkClass] = ["assembly", "overhaul", "second_level"]
        return cls(slot_minutes=SLOT_MINUTES, cars=CARS, intervals=[], peaks=peaks, certified_classes=certified)

    def replace(self, said: contract.SetDeliverySettings) -> None:
        """Take new ones. Raises Invalid naming the interval that ends before it begins, or overlaps another."""
        require_apart("intervals", [(one.weekday, one.begins, one.ends) for one in said.intervals])
        require_apart("peaks", [(one.weekday, one.begins, one.ends) for one in said.peaks])
        self.slot_minutes, self.cars = said.slot_minutes, said.cars
        self.intervals = [one.dump() for one in said.intervals]
        hours = [one.dump() for one in said.peaks]
        self.certified_classes = sorted(set(said.certified_classes))
        self.peaks = PeakRules(hours=hours, classes=sorted(set(said.kept_classes)), insured=said.insured_kept)

    def slots(self, opening: Opening, first: datetime, days: int, zone: ZoneInfo) -> Iterator[Slot]:
        """The times of so many local days, the earliest first."""
        length = timedelta(minutes=self.slot_minutes)
        day = first.astimezone(zone).date()
        for on in (day + timedelta(days=number) for number in range(days)):
            for opens, closes in opening.periods(on):
                at = opens
                while at + length <= closes:
                    yield Slot(at, at + length, self._cars_at(at, zone), is_peak(self.peaks, at, at + length, zone))
                    at += length

    def describe(self) -> contract.DeliverySettings:
        """The settings as they are answered."""
        return contract.DeliverySettings(
            id=self.id,
            version=self.version,
            slot_minutes=self.slot_minutes,
            cars=self.cars,
            intervals=[DeliveryInterval.load(one) for one in self.intervals],
            peaks=[PeakInterval.load(one) for one in self.peaks["hours"]],
            kept_classes=self.peaks["classes"],
            insured_kept=self.peaks["insured"],
            certified_classes=[*self.certified_classes],
        )

    def _cars_at(self, at: datetime, zone: ZoneInfo) -> int:
        return next((one["cars"] for one in _on(self.intervals, at, at, zone)), self.cars)


def is_peak(rules: PeakRules, begins: datetime, ends: datetime, zone: ZoneInfo) -> bool:
    """Whether the house is full at any time from then until then, or at that moment."""
    return next(_on(rules["hours"], begins, ends, zone), None) is not None


def is_kept_from_peaks(rules: PeakRules, order: WorkOrder) -> bool:
    """A major repair, by its classes of work, or an accident's: one that an insurer pays for."""
    lines = [line for line in order.lines if line.state not in NO_MATTER]
    if rules["insured"] and any(share["payer"] == "insurer" for line in lines for share in line.payers):
        return True
    return any(line.repair is not None and line.repair["work_class"] in rules["classes"] for line in lines)


def _on(intervals: Sequence[dict[str, Any]], begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    day = begins.astimezone(zone).date()
    for one in intervals:
        if one["weekday"] == WEEKDAYS[day.weekday()]:
            opens, closes = on_the_wall(day, one["begins"], zone), on_the_wall(day, one["ends"], zone)
            if begins < closes and (opens < ends or opens <= begins):
                yield one
