"""What the dealer has set for its workshop's people; there once the dealer is known."""

from datetime import timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings
from contracts.workshop import certificate
from contracts.workshop.certificate import CLOSES_AT, NOTICE_DAYS
from services.workshop.model import Base


class TeamSettings(DealerSettings, Base):
    """One per dealer (Rules W9 and W20)."""

    __tablename__ = "team_settings"

    certificate_notice_days: Mapped[int]
    closes_at: Mapped[str] = mapped_column(String(5))

    @classmethod
    def with_defaults(cls, currency: str) -> "TeamSettings":
        """What the rule says."""
        return cls(certificate_notice_days=NOTICE_DAYS, closes_at=CLOSES_AT)

    @property
    def notice(self) -> timedelta:
        """So long before it expires a certificate is told of."""
        return timedelta(days=self.certificate_notice_days)

    def describe(self) -> certificate.TeamSettings:
        """The settings as they are answered."""
        return certificate.TeamSettings(
            id=self.id,
            version=self.version,
            certificate_notice_days=self.certificate_notice_days,
            closes_at=self.closes_at,
        )
