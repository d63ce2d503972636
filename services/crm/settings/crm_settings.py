"""The dealer's settings of crm: what the rules call defaults, one row per dealer."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import String, Time
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, Invalid
from chassis.wire.ahead import QUARTER, require_ahead
from contracts.crm import settings
from contracts.crm.settings import ChangeCrmSettings, VinCheck
from services.crm.model import Base


class CrmSettings(DealerSettings, Base):
    """How strictly VINs are checked, when a delivery is followed up, and when callers are answered (Rules C1, C2, B7, B13)."""

    __tablename__ = "crm_settings"

    vin_check: Mapped[VinCheck] = mapped_column(String(6))
    follow_up_day: Mapped[int]
    follow_up_time: Mapped[time] = mapped_column(Time)
    follow_up_due_day: Mapped[int]
    follow_up_breach_day: Mapped[int]
    call_back_minutes: Mapped[int]
    enquiry_minutes: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "CrmSettings":
        """A wrong check digit of a VIN is a warning; follow-up on day 1 at 10, due on day 2, breached after day 3."""
        return cls(
            vin_check="warn",
            follow_up_day=1,
            follow_up_time=time(10),
            follow_up_due_day=2,
            follow_up_breach_day=3,
            call_back_minutes=30,
            enquiry_minutes=30,
        )

    def change(self, command: ChangeCrmSettings) -> None:
        """Take new settings; follow-ups that are planned already keep their times. Raises Invalid naming the field."""
        if command.follow_up_day > command.follow_up_due_day:
            raise Invalid.field("follow_up_day", "must_not_be_after", field="follow_up_due_day")
        if command.follow_up_due_day > command.follow_up_breach_day:
            raise Invalid.field("follow_up_due_day", "must_not_be_after", field="follow_up_breach_day")
        if command.follow_up_time.tzinfo is not None:
            raise Invalid.field("follow_up_time", "must_be_local_time")
        self.vin_check = command.vin_check
        self.follow_up_day = command.follow_up_day
        self.follow_up_time = command.follow_up_time
        self.follow_up_due_day = command.follow_up_due_day
        self.follow_up_breach_day = command.follow_up_breach_day
        self.call_back_minutes = command.call_back_minutes
        self.enquiry_minutes = command.enquiry_minutes

    def follow_up_times(
        self, delivered_at: datetime, zone: ZoneInfo, preferred: time | None
    ) -> tuple[datetime, datetime, datetime]:
        """When to call, before when it is due, from when on it is breached: local days after the delivery's (Rule C2)."""
        day_0 = delivered_at.astimezone(zone).date()

        def local(day: int, at: time) -> datetime:
            return datetime.combine(day_0 + timedelta(days=day), at, tzinfo=zone).astimezone(UTC)

        return (
            local(self.follow_up_day, preferred or self.follow_up_time),
            local(self.follow_up_due_day + 1, time()),
            local(self.follow_up_breach_day + 1, time()),
        )

    def describe(self) -> settings.CrmSettings:
        """The settings as they are answered."""
        return settings.CrmSettings(
            id=self.id,
            version=self.version,
            vin_check=self.vin_check,
            follow_up_day=self.follow_up_day,
            follow_up_time=self.follow_up_time,
            follow_up_due_day=self.follow_up_due_day,
            follow_up_breach_day=self.follow_up_breach_day,
            call_back_minutes=self.call_back_minutes,
            enquiry_minutes=self.enquiry_minutes,
        )


def due_from(now: datetime, agreed: datetime | None, minutes: int) -> datetime:
    """By when somebody is answered: at the time agreed on, else so many minutes from now. Raises Invalid for a past time."""
    if agreed is not None:
        require_ahead("due_at", agreed, now, days=QUARTER)
    return agreed or now + timedelta(minutes=minutes)
