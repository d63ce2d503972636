"""Certificates (资质证书) of those who work on cars and inspect them, per skill and with an expiry; their training (Rule W20)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Query, text, whole
from chassis.wire.keys import TextKey, capitals
from contracts.shared import DocumentNumber, Listing, Login, Page, Reason

SKILL = TextKey(most=30, spelling=capitals, key=capitals)
"""What somebody is certified for (技能), as the group calls it: HV, 高压电. However it is typed, it is one skill."""

Skill = Annotated[str, SKILL.field()]

CertificateState = Literal["valid", "expiring", "expired", "withdrawn", "renewed"]
"""有效, 即将到期, 已过期, 已吊销, 已换证."""

TrainingState = Literal["planned", "passed", "failed", "cancelled"]
"""计划中, 合格, 不合格, 已取消."""

NoticeDays = Annotated[int, whole(0, 365)]
NOTICE_DAYS = 30

FinishingMinutes = Annotated[int, whole(10, 480)]
FINISHING_MINUTES = 30

ReserveMinutes = Annotated[int, whole(0, 480)]
RESERVE_MINUTES = 30

ReportMinutes = Annotated[int, whole(5, 480)]
REPORT_MINUTES = 30


class Certificate(Answer):
    """That somebody may do work of a skill, from a day to a day of the dealer's calendar, both included.

    It never changes: a renewal is a certificate of its own, and `renewed_by_id` says which. `expiring` is one that is valid for
    no longer than the dealer's days of notice.
    """

    id: Id
    version: Annotated[int, whole(1)]
    holder: Login
    skill: Skill
    certificate_number: DocumentNumber | None = None
    issued_on: date
    expires_on: date
    certificate_state: CertificateState
    training_id: Id | None = None
    renewed_by_id: Id | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: Login | None = None
    withdrawn_because: Reason | None = None


class Certificates(Answer, Page):
    """A page of certificates, those that expire first before the others."""

    items: list[Certificate]


class IssueCertificate(Command, service="workshop", answer=Certificate):
    """Record a certificate.

    Somebody of the workshop holds it for one skill, from `issued_on` to `expires_on`. Of one skill a person has one certificate
    at a time: the next one renews it. `training_id` says which passed training it came of.
    """

    holder: Login
    skill: Skill
    certificate_number: DocumentNumber | None = None
    issued_on: date
    expires_on: date
    training_id: Id | None = None


class RenewCertificate(Command, service="workshop", answer=Certificate):
    """Renew a certificate.

    Answers the new one, of the same person and skill, which expires later. The old one counts until it would have ended anyway.
    """

    certificate_id: Id
    certificate_number: DocumentNumber | None = None
    issued_on: date
    expires_on: date
    training_id: Id | None = None


class WithdrawCertificate(Command, service="workshop", answer=Certificate):
    """Withdraw a certificate.

    From now on its holder does no work of that skill by it. What they did before stays done.
    """

    certificate_id: Id
    reason: Reason


class ListCertificates(Query, Listing, service="workshop", answer=Certificates):
    """List certificates.

    Those that were neither withdrawn nor renewed, the first to expire first; by person, by skill. `certificate_state` names
    others, or some of them: `expiring` are those that expire within the dealer's days of notice.
    """

    holder: Login | None = None
    skill: Skill | None = None
    certificate_state: CertificateState | None = None


class Training(Answer):
    """A training (培训) that somebody of the workshop is to have or had, its result, and the certificate that came of it."""

    id: Id
    version: Annotated[int, whole(1)]
    trainee: Login
    topic: Annotated[str, text(200)]
    skill: Skill | None = None
    planned_on: date
    training_state: TrainingState
    held_on: date | None = None
    result_note: Reason | None = None
    certificate_id: Id | None = None


class Trainings(Answer, Page):
    """A page of trainings, the latest planned day first."""

    items: list[Training]


class PlanTraining(Command, service="workshop", answer=Training):
    """Plan a training.

    For somebody of the workshop, on a day; of a skill, if a certificate of it is to come of it.
    """

    trainee: Login
    topic: Annotated[str, text(200)]
    skill: Skill | None = None
    planned_on: date


class RecordTrainingResult(Command, service="workshop", answer=Training):
    """Record a training's result.

    It was held on a day that has come, and passed or not. A certificate that came of it is recorded by itself, naming the
    training.
    """

    training_id: Id
    held_on: date
    passed: bool
    result_note: Reason | None = None


class CancelTraining(Command, service="workshop", answer=Training):
    """Cancel a training.

    It is not held.
    """

    training_id: Id
    reason: Reason


class ListTrainings(Query, Listing, service="workshop", answer=Trainings):
    """List trainings.

    The training plan and its results, the latest planned day first; by person and by state.
    """

    trainee: Login | None = None
    training_state: TrainingState | None = None


class TeamSettings(Answer):
    """What the dealer has set for its workshop's people. `version` is the ETag."""

    id: Id
    version: Annotated[int, whole(1)]
    certificate_notice_days: NoticeDays
    finishing_minutes: FinishingMinutes
    reserve_minutes: ReserveMinutes
    report_minutes: ReportMinutes


class GetTeamSettings(Query, service="workshop", answer=TeamSettings):
    """Show the team's settings.

    How long before its expiry a certificate is told of, and how long a car takes from the end of the work until it is ready.
    """


class SetTeamSettings(Command, service="workshop", answer=TeamSettings):
    """Set the team's settings.

    So many days before it expires a certificate is on the list, and a fact, once. Promised times are worked out with
    `finishing_minutes` for the final inspection and what follows, and `reserve_minutes` to spare (Rule W6). When the shop is open
    is said by the calendar (Rule B2). What a customer is to be told is told within `report_minutes`, and who waits is told as
    often (Rule W19).
    """

    certificate_notice_days: NoticeDays = NOTICE_DAYS
    finishing_minutes: FinishingMinutes = FINISHING_MINUTES
    reserve_minutes: ReserveMinutes = RESERVE_MINUTES
    report_minutes: ReportMinutes = REPORT_MINUTES
