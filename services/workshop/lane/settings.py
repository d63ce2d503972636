"""The reception's own numbers; there once the dealer is known."""

from datetime import timedelta

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, Invalid, document
from contracts.workshop import lane
from contracts.workshop.comeback import WorkClass
from services.workshop.model import Base

Warranties = dict[WorkClass, list[int]]
"""For so many days and km after its delivery work of each class is warranted (质保期), whichever comes first (Rule W29)."""


WARRANTED: Warranties = {
    "first_level": [10, 2_000],
    "second_level": [30, 5_000],
    "overhaul": [100, 20_000],
    "assembly": [100, 20_000],
    "special": [10, 2_000],
    "minor": [10, 2_000],
}
"""An assembly that was repaired is warranted as an overhauled car."""


def warranted(said: Warranties | None) -> Warranties:
    """Of every class: until the dealer sets anything, and of one that is newer than its numbers, the rule's."""
    return {**WARRANTED, **(said or {})}


class ReceptionSettings(DealerSettings, Base):
    """One per dealer (Rules W1, W29, W31)."""

    __tablename__ = "reception_settings"

    lane_positions: Mapped[int]
    greet_minutes: Mapped[int]
    alert_cars: Mapped[int]
    alert_minutes: Mapped[int]
    warranties: Mapped[Warranties] = mapped_column(document)
    red_needs_photo: Mapped[bool]

    @classmethod
    def with_defaults(cls, currency: str) -> "ReceptionSettings":
        """What the rule says."""
        return cls(
            lane_positions=3,
            greet_minutes=1,
            alert_cars=4,
            alert_minutes=20,
            warranties=dict(WARRANTED),
            red_needs_photo=True,
        )

    @property
    def warranted(self) -> Warranties:
        """Of every class; of one that is newer than the dealer's numbers, the rule's."""
        return warranted(self.warranties)

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
        said = {one.work_class: [one.days, one.km] for one in numbers.warranties}
        if len(said) != len(numbers.warranties):
            raise Invalid.field("warranties", "named_twice")
        self.warranties = {**self.warranties, **said}
        self.red_needs_photo = numbers.red_needs_photo

    def describe(self) -> lane.ReceptionSettings:
        """The settings as they are answered."""
        return lane.ReceptionSettings(
            id=self.id,
            version=self.version,
            lane_positions=self.lane_positions,
            greet_minutes=self.greet_minutes,
            alert_cars=self.alert_cars,
            alert_minutes=self.alert_minutes,
            warranties=[
                lane.RepairWarranty(work_class=one, days=days, km=km) for one, (days, km) in sorted(self.warranted.items())
            ],
            red_needs_photo=self.red_needs_photo,
        )
