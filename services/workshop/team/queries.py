"""Who is certified for what, what expires, and the training plan (Rule W20)."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from chassis import Work, matching, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop import attendance, certificate
from contracts.workshop.attendance import GetAttendance
from contracts.workshop.certificate import GetTeamSettings, ListCertificates, ListTrainings
from services.workshop.team.certificate import Certificate
from services.workshop.team.certifying import today_of
from services.workshop.team.presence import NIGHT, Roster, roster
from services.workshop.team.settings import TeamSettings
from services.workshop.team.shifts import shown
from services.workshop.team.training import Training


def list_certificates(work: Work, query: ListCertificates) -> certificate.Certificates:
    """Those that stand, unless others are asked for."""
    today, notice = today_of(work), work.settings(TeamSettings).notice
    found = select(Certificate).where(*matching((Certificate.holder, query.holder), (Certificate.skill, query.skill)))
    expires = Certificate.expires_on
    match query.certificate_state:
        case "withdrawn":
            found = found.where(Certificate.withdrawn_at.is_not(None))
        case "renewed":
            found = found.where(Certificate.withdrawn_at.is_(None), Certificate.renewed_by_id.is_not(None))
        case "expired":
            found = found.where(Certificate.standing(), expires < today)
        case "expiring":
            found = found.where(Certificate.standing(), expires >= today, expires <= today + notice)
        case "valid":
            found = found.where(Certificate.standing(), expires > today + notice)
        case None:
            found = found.where(Certificate.standing())
    rows, cursor = page(work, found, query, keys=[expires, Certificate.id], ascending=True)
    return certificate.Certificates(items=[row.seen(today, notice) for row in rows], next_cursor=cursor)


def list_trainings(work: Work, query: ListTrainings) -> certificate.Trainings:
    """The plan and its results."""
    asked = matching((Training.trainee, query.trainee), (Training.state, query.training_state))
    rows, cursor = page(work, select(Training).where(*asked), query, keys=[Training.planned_on, Training.id])
    return certificate.Trainings(items=[row.describe() for row in rows], next_cursor=cursor)


def get_settings(work: Work, query: GetTeamSettings) -> TeamSettings:
    """Raises NotYetKnown until the dealer is known."""
    return work.settings(TeamSettings)


def get_attendance(work: Work, query: GetAttendance) -> attendance.Attendance:
    """One local day."""
    day = query.day or today_of(work)
    zone = work.profile.zone
    found = roster(work, day, day)
    begins, ends = (datetime.combine(one, time(), tzinfo=zone).astimezone(UTC) for one in (day, day + NIGHT))
    return attendance.Attendance(
        day=day,
        as_of=work.now,
        teams=[team.describe() for team in found.teams],
        technicians=[_day(found, login, begins, ends, work.now) for login in sorted(found.names)],
    )


def certificates_of(work: Work, holders: Iterable[str], skills: Collection[str]) -> list[Certificate]:
    """What these people hold or held of these skills, by one statement; the one that ends last first."""
    held = select(Certificate).where(Certificate.holder.in_(sorted({*holders})), Certificate.skill.in_(sorted(skills)))
    return list(work.all(held.order_by(Certificate.expires_on.desc(), Certificate.id.desc())))


def certificate_concerns(work: Work) -> ConcernGroup:
    """Those that were told of and that nobody renewed or withdrew, for the service manager's attention list."""
    today = today_of(work)
    found, count = oldest(
        work,
        Certificate,
        Certificate.standing(),
        Certificate.expires_on <= today + work.settings(TeamSettings).notice,
        since=Certificate.expires_on,
        most=MOST,
    )
    return ConcernGroup(kind="certificate_expiring", count=count, items=[_concern(work, one, today) for one in found])


def _concern(work: Work, one: Certificate, today: date) -> Concern:
    midnight = datetime.combine(one.expires_on, time(), tzinfo=work.profile.zone)
    over = one.expires_on < today
    since = midnight if over else one.told_at or work.now
    return Concern(severity="severe" if over else "warning", since=since, staff=one.holder, detail=one.skill)


def _day(found: Roster, login: str, begins: datetime, ends: datetime, now: datetime) -> attendance.TechnicianDay:
    team, planned = found.team_of(login), found.planned(login)
    there = [] if planned == "none" else found.attended[login]
    return attendance.TechnicianDay(
        technician=login,
        technician_name=found.names[login],
        team_name=None if team is None else team.team_name,
        planned=planned,
        own_shifts=shown(found.own.get(login, ())),
        stretches=[attendance.Attended(from_at=one, until_at=other) for one, other in there if other > begins and one < ends],
        absences=[one.describe() for one in found.absences.get(login, ()) if one.until_at > begins and one.from_at < ends],
        present=found.present(login, now),
    )
