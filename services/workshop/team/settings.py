"""What the dealer has set for its workshop's people; there once the dealer is known."""

from datetime import timedelta

from sqlalchemy.orm import Mapped

from chassis import DealerSettings
from contracts.workshop import certificate
from contracts.workshop.certificate import FINISHING_MINUTES, NOTICE_DAYS, REPORT_MINUTES, RESERVE_MINUTES
from services.workshop.model import Base


class TeamSettings(DealerSettings, Base):
    """One per dealer (Rules W6, W9, W19 and W20)."""

    __tablename__ = "team_settings"

    certificate_notice_days: Mapped[int]
    finishing_minutes: Mapped[int]
    reserve_minutes: Mapped[int]
    report_minutes: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "TeamSettings":
        """What the rule says."""
        return cls(
            certificate_notice_days=NOTICE_DAYS,
            finishing_minutes=FINISHING_MINUTES,
            reserve_minutes=RESERVE_MINUTES,
            report_minutes=REPORT_MINUTES,
        )

    @property
    def notice(self) -> timedelta:
        """So long before it expires a certificate is told of."""
        return timedelta(days=self.certificate_notice_days)

    @property
    def finishing(self) -> timedelta:
        """So long the final inspection and what follows take, from the end of the work until the car is ready."""
        return timedelta(minutes=self.finishing_minutes)

    @property
    def reserve(self) -> timedelta:
        """So much later than it was worked out a time is promised by itself."""
        return timedelta(minutes=self.reserve_minutes)

    def describe(self) -> certificate.TeamSettings:
        """The settings as they are answered."""
        return certificate.TeamSettings(
            id=self.id,
            version=self.version,
            certificate_notice_days=self.certificate_notice_days,
            finishing_minutes=self.finishing_minutes,
            reserve_minutes=self.reserve_minutes,
            report_minutes=self.report_minutes,
        )
