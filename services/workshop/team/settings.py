"""What the dealer has set for its workshop's people; there once the dealer is known."""

from datetime import timedelta

from sqlalchemy.orm import Mapped

from chassis import DealerSettings
from contracts.workshop import certificate
from contracts.workshop.certificate import NOTICE_DAYS
from services.workshop.model import Base


class TeamSettings(DealerSettings, Base):
    """One per dealer (Rule W20)."""

    __tablename__ = "team_settings"

    certificate_notice_days: Mapped[int]

    @classmethod
    def with_defaults(cls, currency: str) -> "TeamSettings":
        """What the rule says."""
        return cls(certificate_notice_days=NOTICE_DAYS)

    @property
    def notice(self) -> timedelta:
        """So long before it expires a certificate is told of."""
        return timedelta(days=self.certificate_notice_days)

    def describe(self) -> certificate.TeamSettings:
        """The settings as they are answered."""
        return certificate.TeamSettings(id=self.id, version=self.version, certificate_notice_days=self.certificate_notice_days)
