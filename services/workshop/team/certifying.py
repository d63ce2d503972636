"""The register of certificates: issued, renewed, withdrawn, and told of before they expire (Rule W20).

Whoever issues holds a lock of the dealer: of two certificates of one person for one skill at once, the second one is refused.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from chassis import Refused, Work, new_id, set_timer, staff_roles
from contracts.roles import QUALITY_INSPECTOR, TEAM_LEADER, TECHNICAL_DIRECTOR, TECHNICIAN, WORKSHOP_MANAGER
from contracts.workshop import certificate as contract
from contracts.workshop.certificate import IssueCertificate, RenewCertificate, SetTeamSettings, WithdrawCertificate
from services.workshop.team.certificate import Certificate
from services.workshop.team.settings import TeamSettings
from services.workshop.team.training import Training

LOCK = "certificates"
HOLDERS = frozenset({TECHNICIAN, TEAM_LEADER, WORKSHOP_MANAGER, QUALITY_INSPECTOR, TECHNICAL_DIRECTOR})
"""Who works on cars, or signs for it."""


@dataclass(frozen=True)
class SeenToday:
    """A certificate as it stands on the dealer's day."""

    certificate: Certificate
    today: date
    notice: timedelta

    def describe(self) -> contract.Certificate:
        """As it is answered."""
        return self.certificate.seen(self.today, self.notice)


def issue(work: Work, command: IssueCertificate) -> SeenToday:
    """The first certificate of a person for a skill, or the next one after the last ended."""
    require_of_the_workshop(work, "holder", command.holder)
    work.advisory_lock(LOCK)
    other = work.first(
        select(Certificate).where(
            Certificate.holder == command.holder,
            Certificate.skill == command.skill,
            Certificate.standing(),
            Certificate.expires_on >= today_of(work),
        )
    )
    if other is not None:
        raise Refused("certificate_held", name=command.holder, skill=command.skill, expires_on=other.expires_on.isoformat())
    return _issued(work, command, command.holder, command.skill)


def renew(work: Work, command: RenewCertificate) -> SeenToday:
    """Another certificate takes the place of this one, which stays valid until its own end."""
    old = work.edit(Certificate, command.certificate_id)
    set_timer(work, "tell_of_expiry", old.id, None)
    return _issued(work, command, old.holder, old.skill, renews=old)


def withdraw(work: Work, command: WithdrawCertificate) -> SeenToday:
    """It counts no longer. The one whose place it took, and which is valid to its own end, stands again."""
    found = work.edit(Certificate, command.certificate_id)
    found.withdraw(command.reason, by=work.actor, at=work.now)
    set_timer(work, "tell_of_expiry", found.id, None)
    theirs = select(Certificate).where(Certificate.holder == found.holder, Certificate.skill == found.skill)
    before = work.first(theirs.where(Certificate.renewed_by_id == found.id).with_for_update())
    if before is not None and before.withdrawn_at is None:
        work.change(before)
        before.renewed_by_id = None
        set_timer(work, "tell_of_expiry", before.id, _tell_at(work, before, work.settings(TeamSettings)))
    return _seen(work, found)


def tell_of_expiry(work: Work, certificate_id: str) -> None:
    """It expires within the dealer's days of notice: told once, unless it was withdrawn or renewed."""
    found = work.lock(Certificate, certificate_id)
    assert found is not None, "a certificate is never deleted"
    if found.stands and found.told_at is None:
        work.change(found)
        found.expire_soon(at=work.now)


def set_settings(work: Work, command: SetTeamSettings) -> TeamSettings:
    """From now on certificates are told of so many days before; what was told of already is not told again."""
    settings = work.edit_settings(TeamSettings)
    settings.finishing_minutes, settings.reserve_minutes = command.finishing_minutes, command.reserve_minutes
    settings.report_minutes = command.report_minutes
    settings.certificate_notice_days = command.certificate_notice_days
    untold = select(Certificate).where(Certificate.standing(), Certificate.told_at.is_(None))
    with work.without_autoflush():
        for found in work.all(untold):
            set_timer(work, "tell_of_expiry", found.id, _tell_at(work, found, settings))
    return settings


def require_of_the_workshop(work: Work, field: str, login: str) -> None:
    """Raises Refused for somebody who neither works on cars nor signs for it."""
    if not HOLDERS & staff_roles(work, field, login):
        raise Refused("not_of_the_workshop", name=login)


def today_of(work: Work) -> date:
    """The dealer's day."""
    return work.profile.local(work.now).date()


def _issued(
    work: Work,
    given: IssueCertificate | RenewCertificate,
    holder: str,
    skill: str,
    renews: Certificate | None = None,
) -> SeenToday:
    found = Certificate(
        id=new_id(),
        holder=holder,
        skill=skill,
        certificate_number=given.certificate_number,
        issued_on=given.issued_on,
        expires_on=given.expires_on,
        training_id=given.training_id,
    ).issue(today=today_of(work), renews=renews)
    if given.training_id is not None:
        work.edit(Training, given.training_id).certify(found.id, holder, skill)
    work.add(found)
    set_timer(work, "tell_of_expiry", found.id, _tell_at(work, found, work.settings(TeamSettings)))
    return _seen(work, found)


def _tell_at(work: Work, found: Certificate, settings: TeamSettings) -> datetime:
    """Midnight at the dealer, so many days before it expires."""
    return datetime.combine(found.expires_on - settings.notice, time(), tzinfo=work.profile.zone)


def _seen(work: Work, found: Certificate) -> SeenToday:
    return SeenToday(found, today_of(work), work.settings(TeamSettings).notice)
