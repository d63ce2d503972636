"""An escalation of the lane (升级): raised once per cause, relieved by the service manager, kept for ever (Rule W1)."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Refused, derived_id
from contracts.workshop import lane
from contracts.workshop.lane import LaneCause, LaneRelief, LaneTrigger
from contracts.workshop.reception_events import LaneEscalated, LaneRelieved
from services.workshop.model import Base


class LaneAlert(Aggregate, Base):
    """The lane was too full, a car was there too long, or the guard called. `ended_at` is when that was over.

    A cause escalates once: an overdue car by the id that follows from it, the guard until that is over, a full lane
    until it is over and relieved: without relief the same one goes on when the lane fills again.
    """

    __tablename__ = "lane_alert"
    __table_args__ = (
        Index(None, "dealer_id", "relieved_at", "raised_at"),
        Index(None, "dealer_id", "trigger", "ended_at"),
        Index("lane_alert_month_ix", "dealer_id", "month", "trigger", "cause", "relief"),
    )

    trigger: Mapped[LaneTrigger] = mapped_column(String(10))
    month: Mapped[str] = mapped_column(String(7))
    raised_at: Mapped[datetime]
    raised_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))
    cars: Mapped[int]
    lane_car_id: Mapped[str | None] = mapped_column(IdType)
    plate: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None]
    relieved_at: Mapped[datetime | None]
    relieved_by: Mapped[str | None] = mapped_column(String(64))
    relief: Mapped[LaneRelief | None] = mapped_column(String(12))
    cause: Mapped[LaneCause | None] = mapped_column(String(20))
    measure: Mapped[str | None] = mapped_column(String(300))

    @staticmethod
    def overdue_of(lane_car_id: str) -> str:
        """The id of the escalation of a car that was there too long."""
        return derived_id("lane_alert", "overdue", lane_car_id)

    def escalate(self) -> "LaneAlert":
        """Tell the service manager."""
        self.announce(
            LaneEscalated(
                lane_alert_id=self.id,
                trigger=self.trigger,
                cars=self.cars,
                plate=self.plate,
                raised_at=self.raised_at,
                note=self.note,
            )
        )
        return self

    def relieve(self, relief: LaneRelief, cause: LaneCause, measure: str, *, by: str, at: datetime) -> None:
        """What was done, why it came to that, and what shall keep it from happening again: said once."""
        if self.relieved_at is not None:
            raise Refused("alert_relieved", by=self.relieved_by)
        self.relief, self.cause, self.measure = relief, cause, measure
        self.relieved_by, self.relieved_at = by, at
        if self.trigger == "guard":
            self.ended_at = at
        self.announce(
            LaneRelieved(
                lane_alert_id=self.id, trigger=self.trigger, relief=relief, lane_cause=cause, measure=measure, relieved_at=at
            )
        )

    def describe(self) -> lane.LaneAlert:
        """The escalation as it is answered."""
        return lane.LaneAlert(
            id=self.id,
            version=self.version,
            trigger=self.trigger,
            raised_at=self.raised_at,
            raised_by=self.raised_by,
            note=self.note,
            cars=self.cars,
            lane_car_id=self.lane_car_id,
            plate=self.plate,
            relieved_at=self.relieved_at,
            relieved_by=self.relieved_by,
            relief=self.relief,
            lane_cause=self.cause,
            measure=self.measure,
        )
