"""The reception's own numbers; there once the dealer is known."""

from datetime import timedelta

from sqlalchemy.orm import Mapped

from chassis import DealerSettings
from contracts.workshop import lane
from services.workshop.model import Base


class ReceptionSettings(DealerSettings, Base):
    """One per dealer (Rule W1)."""

    __tablename__ = "reception_settings"

    lane_positions: Mapped[int]
    greet_minutes: Mapped[int]
    alert_cars: Mapped[int]
    alert_minutes: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "ReceptionSettings":
        """What the rule says."""
        return cls(lane_positions=3, greet_minutes=1, alert_cars=4, alert_minutes=20)

    @property
    def greet_within(self) -> timedelta:
        """So soon somebody is with the customer."""
        return timedelta(minutes=self.greet_minutes)

    @property
    def alert_after(self) -> timedelta:
        """So long a car may be in the lane."""
        return timedelta(minutes=self.alert_minutes)

    def change(self, numbers: lane.SetReceptionSettings) -> None:
        """Set all of them."""
        self.lane_positions, self.greet_minutes = numbers.lane_positions, numbers.greet_minutes
        self.alert_cars, self.alert_minutes = numbers.alert_cars, numbers.alert_minutes

    def describe(self) -> lane.ReceptionSettings:
        """The settings as they are answered."""
        return lane.ReceptionSettings(
            id=self.id,
            version=self.version,
            lane_positions=self.lane_positions,
            greet_minutes=self.greet_minutes,
            alert_cars=self.alert_cars,
            alert_minutes=self.alert_minutes,
        )
