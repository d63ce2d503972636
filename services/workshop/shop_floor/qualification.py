"""Who may do which work, and sign for it: the skills that operations need, and the certificates people hold (Rule W20)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from chassis import Refused, Work
from services.workshop.order.line import Kind, OrderLine
from services.workshop.pricing.operation import skills_needed
from services.workshop.team.certificate import Certificate
from services.workshop.team.queries import certificates_of
from services.workshop.team.team import Team

Part = Literal["work", "inspection"]


def require_certified(
    work: Work, login: str, lines: Iterable[OrderLine], *, to: Part = "work", at: datetime | None = None
) -> None:
    """Raises Refused naming person, line and skill for the first of these labour lines that needs a certificate they lack.

    What a tablet tells afterwards is held against what was valid `at` that time.
    """
    with work.without_autoflush():
        needed = needed_for(work, lines, to)
        held = certificates_of(work, [login], needed) if needed else []
    when = at or work.now
    day = work.profile.local(when).date()
    valid = {one.skill for one in held if one.holds(day, when)}
    for skill, line in sorted(needed.items(), key=lambda one: (one[1], one[0])):
        if skill not in valid:
            raise lacks(login, skill, line, held)


def require_certified_team(work: Work, team: Team, lines: Iterable[OrderLine]) -> None:
    """Raises Refused naming the first line that nobody of the team may do, and a skill that it needs."""
    lines = sorted(lines, key=lambda line: line.number)
    with work.without_autoflush():
        needed = skills_needed(work, {line.operation_code for line in lines if line.operation_code}, "work")
        skills = {skill for each in needed.values() for skill in each}
        held = certificates_of(work, team.people, skills) if skills else []
    day = work.profile.local(work.now).date()
    valid = {login: {one.skill for one in held if one.holder == login and one.holds(day, work.now)} for login in team.people}
    for line in lines:
        wanted = needed.get(line.operation_code or "", ())
        if not any(valid[login].issuperset(wanted) for login in team.people):
            lacking = next((one for one in wanted if not any(one in skills for skills in valid.values())), next(iter(wanted)))
            raise Refused("team_not_certified", team=team.team_name, skill=lacking, line=line.number)


def needed_for(work: Work, lines: Iterable[OrderLine], to: Part = "work") -> dict[str, int]:
    """The skills that these labour lines need, each with the first line that does; one statement."""
    labour = [line for line in lines if line.kind is Kind.LABOUR and line.operation_code is not None]
    by_operation = skills_needed(work, {line.operation_code or "" for line in labour}, to)
    found: dict[str, int] = {}
    for line in sorted(labour, key=lambda one: one.number):
        for skill in by_operation.get(line.operation_code or "", ()):
            found.setdefault(skill, line.number)
    return found


def lacks(login: str, skill: str, line: int, held: Iterable[Certificate]) -> Refused:
    """What is said of somebody without a valid certificate: that it expired and when, or that there is none."""
    ended = next((one for one in held if one.skill == skill and one.withdrawn_at is None), None)
    if ended is None:
        return Refused("not_certified", name=login, skill=skill, line=line)
    return Refused("certificate_expired", name=login, skill=skill, line=line, expires_on=ended.expires_on.isoformat())
