"""Who is there when: shifts, own or the team's, without absences (Rule W9). Four statements, whatever there is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from chassis import Work, colleagues, derived_id
from contracts.roles import TECHNICIAN
from contracts.workshop.attendance import Planned
from services.workshop.projections.opening_hours import Opening
from services.workshop.team.shifts import PlannedShift, Stretch, closing_after, joined, stretches, without
from services.workshop.team.team import Absence, ShiftPlan, Team

NIGHT = timedelta(days=1)


@dataclass(frozen=True)
class Roster:
    """The dealer's technicians by login with their names; teams, shifts and absences of some days."""

    names: Mapping[str, str]
    teams: Sequence[Team]
    attended: Mapping[str, list[Stretch]]
    own: Mapping[str, list[PlannedShift]]
    absences: Mapping[str, list[Absence]] = field(default_factory=dict)

    def team_of(self, technician: str) -> Team | None:
        """The team they are a member of, or lead."""
        return team_of(self.teams, technician)

    def planned(self, technician: str) -> Planned:
        """Whose shifts they work."""
        if self.own.get(technician):
            return "own"
        team = self.team_of(technician)
        return "team" if team is not None and team.shifts else "none"

    def present(self, technician: str, at: datetime) -> bool:
        """Whether they are to be there at that moment."""
        return any(begins <= at < ends for begins, ends in self.attended.get(technician, ()))


def working_teams(work: Work) -> list[Team]:
    """The dealer's teams that were not disbanded."""
    return list(work.all(select(Team).where(Team.disbanded_at.is_(None)).order_by(Team.id)))


def team_of(teams: Iterable[Team], technician: str) -> Team | None:
    """The first of the teams that they are a member of, or lead."""
    return next((one for one in teams if technician in one.people), None)


def works_until(work: Work, technician: str, at: datetime) -> datetime:
    """When somebody who works at that moment stops, as it is planned: at the end of their shift, or when an absence begins.

    Outside of any shift it is when the shop closes. At most a day later, as no stretch of work is longer.
    """
    zone = work.profile.zone
    day = work.profile.local(at).date()
    with work.without_autoflush():
        own = work.find(ShiftPlan, derived_id("shift_plan", technician))
        shifts = list(own.shifts) if own is not None else []
        if not shifts:
            team = team_of(working_teams(work), technician)
            shifts = list(team.shifts) if team is not None else []
        if shifts:
            counting = Absence.cancelled_at.is_(None), Absence.until_at > at, Absence.technician == technician
            absent = [one.stretch for one in work.all(select(Absence).where(*counting))]
            there = joined(without(joined(stretches(shifts, day - NIGHT, day + NIGHT, zone)), absent))
            ends = next((end for begins, end in there if begins <= at < end), None)
            if ends is not None:
                return min(ends, at + NIGHT)
        return closing_after(at, Opening(work).closes, zone)


def roster(
    work: Work,
    first: date,
    last: date,
    *,
    also: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    teams: Sequence[Team] | None = None,
) -> Roster:
    """Everybody's attendance on these local days, with the shifts of the evening before that reach into the first.

    Also of people who are no technicians of the dealer any more. Who knows its technicians and teams already, says them.
    """
    zone = work.profile.zone
    begins = datetime.combine(first - NIGHT, time(), tzinfo=zone).astimezone(UTC)
    ends = datetime.combine(last + 2 * NIGHT, time(), tzinfo=zone).astimezone(UTC)
    names = colleagues(work, role=TECHNICIAN) if names is None else names
    teams = working_teams(work) if teams is None else teams
    plans = work.all(select(ShiftPlan))
    counting = select(Absence).where(Absence.cancelled_at.is_(None), Absence.until_at > begins, Absence.from_at < ends)
    absences: dict[str, list[Absence]] = defaultdict(list)
    for absence in work.all(counting.order_by(Absence.from_at, Absence.id)):
        absences[absence.technician].append(absence)
    own = {plan.technician: plan.shifts for plan in plans if plan.shifts}
    attended = {}
    for login in sorted({*names, *also}):
        team = team_of(teams, login)
        shifts = own.get(login) or (team.shifts if team is not None else None)
        there = stretches(shifts, first - NIGHT, last, zone) if shifts else [(begins, ends)]
        attended[login] = without(there, [absence.stretch for absence in absences.get(login, ())])
    return Roster(names, teams, attended, own, absences)
