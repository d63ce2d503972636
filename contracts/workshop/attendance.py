"""Teams (班组) and attendance (出勤): who works with whom, and who is there when (Rule W9)."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.booking.calendar import TimeOfDay, Weekday
from contracts.shared import Login, Name, Reason, up_to

AbsenceKind = Literal["leave", "sick", "training", "other"]
"""休假, 病假, 培训, 其他."""

Planned = Literal["own", "team", "none"]
"""个人班次, 班组班次, 未排班: whose shifts somebody works."""

TeamName = Annotated[str, text(60)]


class Shift(Part):
    """On that weekday from `begins` to `ends` on the dealer's clock; to that time of the next day if it is no later."""

    weekday: Weekday
    begins: TimeOfDay
    ends: TimeOfDay


class Team(Answer):
    """A team (班组) with its leader and members, and the shifts of all who have none of their own."""

    id: Id
    version: Annotated[int, whole(1)]
    team_name: TeamName
    leader: Login
    members: list[Login]
    shifts: list[Shift]
    disbanded_at: datetime | None = None


class FormTeam(Command, service="workshop", answer=Team):
    """Form a team.

    Somebody of the workshop leads it; its members are technicians, none of whom is in another team.
    """

    team_name: TeamName
    leader: Login
    members: list[Login] = up_to(50)
    shifts: list[Shift] = up_to(21)


class ChangeTeam(Command, service="workshop", answer=Team):
    """Change a team.

    Name, leader, members and shifts are these from now on.
    """

    team_id: Id
    team_name: TeamName
    leader: Login
    members: list[Login] = up_to(50)
    shifts: list[Shift] = up_to(21)


class DisbandTeam(Command, service="workshop", answer=Team):
    """Disband a team.

    Its members are in none.
    """

    team_id: Id


class ShiftPlan(Answer):
    """A technician's own shifts; without any, those of the team apply."""

    id: Id
    version: Annotated[int, whole(1)]
    technician: Login
    shifts: list[Shift]


class PlanShifts(Command, service="workshop", answer=ShiftPlan):
    """Plan a technician's shifts.

    Every week the same, instead of the team's. With an empty list the team's apply again.
    """

    technician: Login
    shifts: list[Shift] = up_to(21)


class Absence(Answer):
    """Somebody is not there from a moment to another, whatever their shifts say."""

    id: Id
    version: Annotated[int, whole(1)]
    technician: Login
    absence_kind: AbsenceKind
    from_at: datetime
    until_at: datetime
    note: Reason | None = None
    cancelled_at: datetime | None = None


class RecordAbsence(Command, service="workshop", answer=Absence):
    """Record an absence.

    Leave, illness, training or something else, from a moment to another, at most a year.
    """

    technician: Login
    absence_kind: AbsenceKind
    from_at: datetime
    until_at: datetime
    note: Reason | None = None


class CancelAbsence(Command, service="workshop", answer=Absence):
    """Cancel an absence.

    They are there after all.
    """

    absence_id: Id


class Attended(Part):
    """A stretch of time in which somebody is to be there."""

    from_at: datetime
    until_at: datetime


class TechnicianDay(Part):
    """A technician's day: when they are to be there, after what they are absent for; and whether that is so now.

    Who has no shifts, own or the team's, is taken to be there whenever they are not absent.
    """

    technician: Login
    technician_name: Name | None = None
    team_name: TeamName | None = None
    planned: Planned
    own_shifts: list[Shift]
    stretches: list[Attended]
    absences: list[Absence]
    present: bool


class Attendance(Answer):
    """A local day: every technician of the dealer, and the teams."""

    day: date
    as_of: datetime
    teams: list[Team]
    technicians: list[TechnicianDay]


class GetAttendance(Query, service="workshop", answer=Attendance):
    """Show who is there.

    On a local day, today if none is named: each technician's stretches of attendance that reach into it, their absences, and the
    teams.
    """

    day: date | None = None
