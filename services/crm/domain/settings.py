"""The dealer's settings of crm: the numbers that DOMAIN calls defaults, one row per dealer."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import String, Time
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store.model import Aggregate
from chassis.wire.errors import Invalid, NotYetKnown
from chassis.wire.ids import derived_id
from chassis.work.dealers import record_dealer as record_profile
from chassis.work.unit_of_work import Work
from contracts.crm import answers
from contracts.crm.answers import VinCheck
from contracts.crm.commands import ChangeCrmSettings
from contracts.gateway.events import DealerRecorded
from services.crm.domain.model import Base


class CrmSettings(Aggregate, Base):
    """How strictly VINs are checked, and when a delivery is followed up (Rules C1 and C2, docs/domain.md)."""

    __tablename__ = "crm_settings"

    vin_check: Mapped[VinCheck] = mapped_column(String(6))
    follow_up_day: Mapped[int]
    follow_up_time: Mapped[time] = mapped_column(Time)
    follow_up_due_day: Mapped[int]
    follow_up_breach_day: Mapped[int]

    def change(self, wanted: ChangeCrmSettings) -> None:
        """Take new settings; follow-ups that are planned already keep their times. Raises Invalid naming the field."""
        if wanted.follow_up_day > wanted.follow_up_due_day:
            raise Invalid.fields({"follow_up_day": ["Must not be after follow_up_due_day."]})
        if wanted.follow_up_due_day > wanted.follow_up_breach_day:
            raise Invalid.fields({"follow_up_due_day": ["Must not be after follow_up_breach_day."]})
        if wanted.follow_up_time.tzinfo is not None:
            raise Invalid.fields({"follow_up_time": ["Must be a local time, without a zone."]})
        self.vin_check = wanted.vin_check
        self.follow_up_day = wanted.follow_up_day
        self.follow_up_time = wanted.follow_up_time
        self.follow_up_due_day = wanted.follow_up_due_day
        self.follow_up_breach_day = wanted.follow_up_breach_day

    def follow_up_times(
        self, delivered_at: datetime, zone: ZoneInfo, preferred: time | None
    ) -> tuple[datetime, datetime, datetime]:
        """When to call, before when it is due, from when it is breached: local days after the delivery's (Rule C2)."""
        day_0 = delivered_at.astimezone(zone).date()

        def local(day: int, at: time) -> datetime:
            return datetime.combine(day_0 + timedelta(days=day), at, tzinfo=zone).astimezone(UTC)

        return (
            local(self.follow_up_day, preferred or self.follow_up_time),
            local(self.follow_up_due_day + 1, time()),
            local(self.follow_up_breach_day + 1, time()),
        )

    def describe(self) -> answers.CrmSettings:
        """The settings as they are answered."""
        return answers.CrmSettings(
            id=self.id,
            version=self.version,
            vin_check=self.vin_check,
            follow_up_day=self.follow_up_day,
            follow_up_time=self.follow_up_time,
            follow_up_due_day=self.follow_up_due_day,
            follow_up_breach_day=self.follow_up_breach_day,
        )


def default_settings(dealer: str) -> CrmSettings:
    """What applies until the dealer says otherwise."""
    return CrmSettings(
        id=settings_id(dealer),
        vin_check="warn",
        follow_up_day=1,
        follow_up_time=time(10),
        follow_up_due_day=2,
        follow_up_breach_day=3,
    )


def settings_id(dealer: str) -> str:
    """The id of the dealer's one settings row."""
    return derived_id("crm.settings", dealer)


def record_dealer(work: Work, fact: DealerRecorded) -> None:
    """Keep what the registry says of the dealer; a new one starts with the default settings."""
    record_profile(work, fact)
    if work.find(CrmSettings, settings_id(work.dealer)) is None:
        work.add(default_settings(work.dealer))


def change_settings(work: Work, command: ChangeCrmSettings) -> CrmSettings:
    """Replace the dealer's settings."""
    settings = work.edit(CrmSettings, settings_of(work).id)
    settings.change(command)
    return settings


def settings_of(work: Work) -> CrmSettings:
    """The dealer's settings. Raises NotYetKnown until the registry's fact has come."""
    found = work.find(CrmSettings, settings_id(work.dealer))
    if found is None:
        raise NotYetKnown.reference("dealer", work.dealer)
    return found
