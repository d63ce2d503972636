"""A car in the reception lane, with its clocks (Rule W1)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, derived_id
from contracts.booking.events import AppointmentFacts
from contracts.shared import PLATE
from contracts.workshop import lane
from contracts.workshop.lane import LaneAside, LeftLane
from contracts.workshop.reception_events import CarEnteredLane, CarLeftLane
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.model import Base

HERE: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("left_at IS NULL"))
UNKNOWN_HERE: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("left_at IS NULL AND vehicle_id IS NULL"))


def said_with(complaint: str | None, said: str | None) -> str | None:
    """Both, each on a line of its own, as far as there is room."""
    if said is None or said in (complaint or ""):
        return complaint
    return said if complaint is None else f"{complaint[: 3_999 - len(said)]}\n{said}"


class LaneCar(Aggregate, Base):
    """One car from its arrival until it leaves the lane; a booked one that was sent on may come again.

    It is that vehicle where that is known, else whatever has its plate: two vehicles with one plate are two cars.
    """

    __tablename__ = "lane_car"
    __table_args__ = (
        Index("lane_car_ticket_key", "dealer_id", "ticket_day", "ticket", unique=True),
        Index("lane_car_here_key", "dealer_id", "plate_key", unique=True, **UNKNOWN_HERE),
        Index("lane_car_vehicle_key", "dealer_id", "vehicle_id", unique=True, **HERE),
        Index("lane_car_appointment_ix", "dealer_id", "appointment_id"),
        Index("lane_car_arrived_ix", "dealer_id", "arrived_at"),
    )

    plate: Mapped[str] = mapped_column(String(16))
    plate_key: Mapped[str] = mapped_column(String(16))
    vehicle_id: Mapped[str | None] = mapped_column(IdType)
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    customer_name: Mapped[str | None] = mapped_column(String(120))
    complaint: Mapped[str | None] = mapped_column("concern", String(4000))
    said_here: Mapped[str | None] = mapped_column(String(300))
    arrived_at: Mapped[datetime]
    greet_by: Mapped[datetime]
    greeted_at: Mapped[datetime | None]
    greeted_by: Mapped[str | None] = mapped_column(String(64))
    alert_at: Mapped[datetime]
    ticket_day: Mapped[date | None] = mapped_column(Date)
    ticket: Mapped[int | None]
    aside: Mapped[LaneAside | None] = mapped_column(String(10))
    aside_place: Mapped[str | None] = mapped_column(String(60))
    left_at: Mapped[datetime | None]
    left: Mapped[LeftLane | None] = mapped_column(String(24))
    left_reason: Mapped[str | None] = mapped_column(String(300))
    work_order_id: Mapped[str | None] = mapped_column(IdType)

    @staticmethod
    def of_arrival(appointment_id: str, sequence: int) -> str:
        """The id of the booked car: it comes once with each arrival, however often that is heard."""
        return derived_id("lane_car", appointment_id, sequence)

    @classmethod
    def enter(cls, plate: str, settings: ReceptionSettings, *, at: datetime, **more: Any) -> "LaneCar":
        """The car is here since `at`, and its clocks run."""
        alert_at = at + settings.alert_after
        car = cls(
            plate=plate,
            plate_key=PLATE.key(plate),
            arrived_at=at,
            greet_by=at + settings.greet_within,
            alert_at=alert_at,
            **more,
        )
        car.announce(
            CarEnteredLane(lane_car_id=car.id, plate=plate, appointment_id=car.appointment_id, arrived_at=at, alert_at=alert_at)
        )
        return car

    @property
    def standing(self) -> bool:
        """It is in the lane, and not set aside."""
        return self.left is None and self.aside is None

    def greet(self, by: str, at: datetime) -> None:
        """Somebody is with the customer. Raises Refused if somebody was before."""
        self._require_here()
        if self.greeted_at is not None:
            raise Refused("already_greeted", by=self.greeted_by)
        self.greeted_at, self.greeted_by = at, by

    def take_ticket(self, day: date, number: int) -> None:
        """The customer waits for their number."""
        self._require_here()
        self.ticket_day, self.ticket = day, number

    def set_aside(self, to: LaneAside, place: str | None) -> None:
        """It makes room: what is not in the lane does not escalate."""
        self._require_here()
        if self.aside is not None:
            raise Refused("car_set_aside", state=self.aside)
        self.aside, self.aside_place = to, place

    def bring_back(self) -> None:
        """It is in the lane again, since it came."""
        self._require_here()
        if self.aside is None:
            raise Refused("car_not_aside")
        self.aside = self.aside_place = None

    @property
    def concern(self) -> str | None:
        """What was said at booking, and what was said here: neither is asked for again."""
        return said_with(self.complaint, self.said_here)

    def is_booked(self, facts: AppointmentFacts) -> bool:
        """Whether it says what its appointment says."""
        said = self.appointment_id, self.vehicle_id, self.plate, self.customer_name, self.complaint
        vehicle = facts.vehicle
        return said == (facts.appointment_id, vehicle.vehicle_id, vehicle.plate, facts.customer.name, facts.complaint)

    def book(self, facts: AppointmentFacts) -> None:
        """It is the booked one, as that is now. What was said here stays said."""
        self.appointment_id, self.vehicle_id = facts.appointment_id, facts.vehicle.vehicle_id
        self.plate, self.plate_key = facts.vehicle.plate, PLATE.key(facts.vehicle.plate)
        self.customer_name, self.complaint = facts.customer.name, facts.complaint

    def leave(self, how: LeftLane, *, at: datetime, reason: str | None = None, work_order_id: str | None = None) -> None:
        """It is in the lane no longer."""
        self._require_here()
        self.left, self.left_at, self.left_reason, self.work_order_id = how, at, reason, work_order_id
        self.announce(
            CarLeftLane(
                lane_car_id=self.id,
                plate=self.plate,
                appointment_id=self.appointment_id,
                left=how,
                left_at=at,
                work_order_id=work_order_id,
                reason=reason,
            )
        )

    def describe(self, booked: Mapping[str, Any] | None = None) -> lane.LaneCar:
        """The car as it is answered, with what is known of its appointment."""
        appointment = booked or {}
        return lane.LaneCar(
            id=self.id,
            version=self.version,
            plate=self.plate,
            appointment_id=self.appointment_id,
            customer_name=self.customer_name,
            concern=self.concern,
            advisor=appointment.get("advisor"),
            tags=appointment.get("tags", []),
            new_owner_name=(appointment.get("new_owner") or {}).get("name"),
            arrived_at=self.arrived_at,
            ticket=self.ticket,
            greet_by=self.greet_by,
            greeted_at=self.greeted_at,
            greeted_by=self.greeted_by,
            alert_at=self.alert_at,
            aside=self.aside,
            aside_place=self.aside_place,
            left_at=self.left_at,
            left=self.left,
            left_reason=self.left_reason,
            work_order_id=self.work_order_id,
        )

    def _require_here(self) -> None:
        if self.left is not None:
            raise Refused("car_left_lane", state=self.left)
