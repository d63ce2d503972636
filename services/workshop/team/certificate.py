"""A certificate (资质证书): its holder may do work of one skill, from a day to a day (Rule W20). It is renewed by another one."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid, Refused
from contracts.workshop import certificate
from contracts.workshop.certificate import CertificateState
from contracts.workshop.team_events import CertificateExpiring, CertificateIssued, CertificateWithdrawn
from services.workshop.model import Base

STANDING = text("withdrawn_at IS NULL AND renewed_by_id IS NULL")


class Certificate(Aggregate, Base):
    """It stands until it is withdrawn or renewed. `told_at` is when it was told that it expires."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index(None, "dealer_id", "holder", "skill"),
        Index(None, "dealer_id", "expires_on", "id"),
        Index(
            "certificate_standing_ix",
            "dealer_id",
            "expires_on",
            "id",
            postgresql_where=STANDING,
            sqlite_where=STANDING,
        ),
    )

    holder: Mapped[str] = mapped_column(String(64))
    skill: Mapped[str] = mapped_column(String(30))
    certificate_number: Mapped[str | None] = mapped_column(String(60))
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    training_id: Mapped[str | None] = mapped_column(IdType)
    renewed_by_id: Mapped[str | None] = mapped_column(IdType)
    told_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(64))
    withdrawn_because: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def standing(cls) -> ColumnElement[bool]:
        """Of a query: neither withdrawn nor renewed."""
        return and_(cls.withdrawn_at.is_(None), cls.renewed_by_id.is_(None))

    @property
    def stands(self) -> bool:
        """Neither withdrawn nor renewed."""
        return self.withdrawn_at is None and self.renewed_by_id is None

    def holds(self, on: date, at: datetime) -> bool:
        """Whether it is valid at that moment, which is on that local day. A renewed one is, until its own end."""
        withdrawn = self.withdrawn_at is not None and self.withdrawn_at <= at
        return self.issued_on <= on <= self.expires_on and not withdrawn

    def state(self, today: date, notice: timedelta) -> CertificateState:
        """How it stands on a local day."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.renewed_by_id is not None:
            return "renewed"
        if self.expires_on < today:
            return "expired"
        return "expiring" if self.expires_on <= today + notice else "valid"

    def issue(self, *, today: date, renews: "Certificate | None" = None) -> "Certificate":
        """It counts from now on. Raises Invalid naming the field for days that are none of a certificate."""
        if self.issued_on > today:
            raise Invalid.field("issued_on", "must_not_be_future")
        if self.expires_on < self.issued_on:
            raise Invalid.field("expires_on", "must_not_be_before", field="issued_on")
        if self.expires_on < today:
            raise Invalid.field("expires_on", "must_not_be_past")
        if renews is not None:
            renews.renewed_with(self)
        self.announce(
            CertificateIssued(
                certificate_id=self.id,
                holder=self.holder,
                skill=self.skill,
                certificate_number=self.certificate_number,
                issued_on=self.issued_on,
                expires_on=self.expires_on,
                renews_id=None if renews is None else renews.id,
                training_id=self.training_id,
            )
        )
        return self

    def renewed_with(self, successor: "Certificate") -> None:
        """The other one takes its place. Raises Refused if it stands no longer, Invalid if the other ends no later."""
        self.require_standing()
        if successor.expires_on <= self.expires_on:
            raise Invalid.field("expires_on", "must_expire_later", until=self.expires_on.isoformat())
        self.renewed_by_id = successor.id

    def expire_soon(self, *, at: datetime) -> None:
        """It is told that it expires: once."""
        self.told_at = at
        self.announce(
            CertificateExpiring(
                certificate_id=self.id, holder=self.holder, skill=self.skill, expires_on=self.expires_on, told_at=at
            )
        )

    def withdraw(self, reason: str, *, by: str, at: datetime) -> None:
        """It counts no longer. Raises Refused if it stands no longer anyway."""
        self.require_standing()
        self.withdrawn_at, self.withdrawn_by, self.withdrawn_because = at, by, reason
        self.announce(
            CertificateWithdrawn(certificate_id=self.id, holder=self.holder, skill=self.skill, reason=reason, withdrawn_at=at)
        )

    def require_standing(self) -> None:
        """Raises Refused for one that was withdrawn or renewed."""
        if self.withdrawn_at is not None:
            raise Refused("certificate_withdrawn", name=self.holder, skill=self.skill)
        if self.renewed_by_id is not None:
            raise Refused("certificate_renewed", name=self.holder, skill=self.skill)

    def seen(self, today: date, notice: timedelta) -> certificate.Certificate:
        """The certificate as it is answered on a local day."""
        return certificate.Certificate(
            id=self.id,
            version=self.version,
            holder=self.holder,
            skill=self.skill,
            certificate_number=self.certificate_number,
            issued_on=self.issued_on,
            expires_on=self.expires_on,
            certificate_state=self.state(today, notice),
            training_id=self.training_id,
            renewed_by_id=self.renewed_by_id,
            withdrawn_at=self.withdrawn_at,
            withdrawn_by=self.withdrawn_by,
            withdrawn_because=self.withdrawn_because,
        )
