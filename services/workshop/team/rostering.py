"""Teams are formed and changed, shifts planned, absences recorded (Rule W9).

Whoever changes who is in which team holds a lock of the dealer: a technician is in one team at most, however many ask at once.
"""

from collections.abc import Iterable

from sqlalchemy import select

from chassis import Invalid, Refused, Work, derived_id, new_id, staff_roles
from chassis.wire.keys import capitals
from contracts.roles import TECHNICIAN
from contracts.workshop.attendance import CancelAbsence, ChangeTeam, DisbandTeam, FormTeam, PlanShifts, RecordAbsence
from services.workshop.team.certifying import require_of_the_workshop
from services.workshop.team.presence import working_teams
from services.workshop.team.shifts import planned
from services.workshop.team.team import Absence, ShiftPlan, Team

LOCK = "teams"


def form(work: Work, command: FormTeam) -> Team:
    """A new team."""
    team = Team(id=new_id(), members=[], shifts=[])
    _set(work, team, command)
    work.add(team)
    return team


def change(work: Work, command: ChangeTeam) -> Team:
    """It is another one from now on."""
    work.advisory_lock(LOCK)
    team = work.edit(Team, command.team_id)
    _set(work, team, command)
    return team


def disband(work: Work, command: DisbandTeam) -> Team:
    """Its members are in no team."""
    work.advisory_lock(LOCK)
    team = work.edit(Team, command.team_id)
    team.disband(work.now)
    return team


def plan_shifts(work: Work, command: PlanShifts) -> ShiftPlan:
    """These are the technician's own."""
    require_technician(work, "technician", command.technician)
    shifts = planned(command.shifts)
    work.advisory_lock(LOCK)
    id_ = derived_id("shift_plan", command.technician)
    if work.find(ShiftPlan, id_) is None:
        plan = ShiftPlan(id=id_, technician=command.technician, shifts=shifts)
        work.add(plan)
        return plan
    plan = work.edit(ShiftPlan, id_)
    plan.shifts = shifts
    return plan


def record_absence(work: Work, command: RecordAbsence) -> Absence:
    """Somebody will not be there, or is not."""
    require_technician(work, "technician", command.technician)
    absence = Absence(
        technician=command.technician,
        kind=command.absence_kind,
        from_at=command.from_at,
        until_at=command.until_at,
        note=command.note,
    ).begin()
    work.advisory_lock(LOCK)
    same = (Absence.technician == absence.technician, Absence.from_at == absence.from_at, Absence.until_at == absence.until_at)
    if work.first(select(Absence.id).where(*same, Absence.cancelled_at.is_(None))) is not None:
        raise Refused("absence_recorded", name=command.technician)
    work.add(absence)
    return absence


def cancel_absence(work: Work, command: CancelAbsence) -> Absence:
    """They are there after all."""
    absence = work.edit(Absence, command.absence_id)
    absence.cancel(work.now)
    return absence


def _set(work: Work, team: Team, given: FormTeam | ChangeTeam) -> None:
    require_of_the_workshop(work, "leader", given.leader)
    for index, member in enumerate(given.members):
        require_technician(work, f"members.{index}", member)
    work.advisory_lock(LOCK)
    with work.without_autoflush():
        others = [one for one in working_teams(work) if one.id != team.id]
    _require_in_no_other(given.members, others)
    if any(capitals(one.team_name) == capitals(given.team_name) for one in others):
        raise Refused("team_name_taken", field="team_name", team=given.team_name)
    team.set(given.team_name, given.leader, given.members, planned(given.shifts))


def _require_in_no_other(members: Iterable[str], others: Iterable[Team]) -> None:
    taken = {member: other.team_name for other in others for member in other.members}
    for index, member in enumerate(members):
        if member in taken:
            raise Invalid.field(f"members.{index}", "in_another_team", team=taken[member])


def require_technician(work: Work, field: str, login: str) -> None:
    """Raises NotYetKnown, or Refused for somebody who is no technician of the dealer."""
    if TECHNICIAN not in staff_roles(work, field, login):
        raise Refused("not_a_technician", name=login)
