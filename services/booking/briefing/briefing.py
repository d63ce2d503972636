"""The briefing (技术总监预告): of which cars of a day the technical director was told (Rule B6)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, belongs_to, derived_id
from contracts.booking.briefing_events import ComingCar, DirectorBriefed
from contracts.shared import VehicleFacts
from services.booking.appointment.appointment import Appointment
from services.booking.model import Base


class BriefedCar(Entity, Base):
    """The technical director was told of this appointment, once for a day."""

    __tablename__ = "briefed_car"
    __table_args__ = (
        belongs_to("briefing", "briefing_id"),
        UniqueConstraint("dealer_id", "briefing_id", "appointment_id", name="briefed_car_appointment_key"),
    )

    briefing_id: Mapped[str] = mapped_column(IdType)
    appointment_id: Mapped[str] = mapped_column(IdType)
    told_at: Mapped[datetime]


class Briefing(Aggregate, Base):
    """What the technical director was told of one local day; there is none of a day without a comeback or diagnosis."""

    __tablename__ = "briefing"
    __table_args__ = (UniqueConstraint("dealer_id", "day", name="briefing_day_key"),)

    day: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime]
    cars: Mapped[list[BriefedCar]] = relationship(
        lazy="selectin", order_by=[BriefedCar.told_at, BriefedCar.id], cascade="all, delete-orphan"
    )

    @staticmethod
    def id_for(day: date) -> str:
        """The id of a day's briefing."""
        return derived_id("briefing", day.isoformat())

    @classmethod
    def of(cls, day: date, *, at: datetime) -> "Briefing":
        """Nobody was told of that day before."""
        return cls(id=cls.id_for(day), day=day, told_at=at, cars=[])

    @property
    def told_of(self) -> dict[str, datetime]:
        """Of which appointments they were told, and when."""
        return {one.appointment_id: one.told_at for one in self.cars}

    def tell(self, coming: Sequence[Appointment], *, at: datetime) -> None:
        """The technical director hears of these cars."""
        is_first = not self.cars
        self.cars.extend(BriefedCar(appointment_id=one.id, told_at=at) for one in coming)
        self.announce(DirectorBriefed(day=self.day, is_first=is_first, cars=[_coming(one) for one in coming]))


def _coming(one: Appointment) -> ComingCar:
    vehicle = VehicleFacts.load(one.vehicle)
    return ComingCar(
        appointment_id=one.id,
        starts_at=one.starts_at,
        plate=vehicle.plate,
        make=vehicle.make,
        model=vehicle.model,
        tags=one.tags,
        complaint=one.complaint,
    )
