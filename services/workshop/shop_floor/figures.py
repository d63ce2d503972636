"""The figures of a period (Rule W9), read in a number of statements that does not depend on how much there is."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from chassis import Work
from contracts.workshop.performance import DayFigures, Performance, TeamFigures, TechnicianFigures
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.shop_floor.clocking import LONGEST, Clocking, full_minutes
from services.workshop.shop_floor.performance import FORMULAS, Book, Finished, Worked
from services.workshop.team.presence import Roster, roster
from services.workshop.team.team import Team

OF_LINE = and_(OrderLine.dealer_id == Clocking.dealer_id, OrderLine.id == Clocking.line_id)


def performance(work: Work, first: date, last: date) -> Performance:
    """Whatever happened before these days, or since, is not read."""
    worked, finished = _worked(work, first, last), _finished(work, first, last)
    book = Book(work.profile.zone, first, last)
    names = {one.technician for one in worked} | {login for one in finished for login in one.minutes}
    people = roster(work, first, last, also=names)
    for login in people.attended:
        if people.planned(login) != "none":
            book.attend(login, people.attended[login], work.now)
    for stretch in worked:
        book.work(stretch)
    for line in finished:
        book.finish(line)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Performance(
        from_day=first,
        to_day=last,
        as_of=work.now,
        technicians=[_of_technician(book, people, login) for login in sorted({*people.names, *book.logins})],
        teams=[_of_team(book, team) for team in people.teams],
        days=[DayFigures(day=day, figures=book.figures(on=day)) for day in days],
        total=book.figures(),
        formulas=FORMULAS,
    )


def _of_technician(book: Book, people: Roster, login: str) -> TechnicianFigures:
    team = people.team_of(login)
    return TechnicianFigures(
        technician=login,
        technician_name=people.names.get(login),
        team_name=None if team is None else team.team_name,
        figures=book.figures(of=[login]),
    )


def _of_team(book: Book, team: Team) -> TeamFigures:
    return TeamFigures(team_id=team.id, team_name=team.team_name, figures=book.figures(of=team.people))


def _worked(work: Work, first: date, last: date) -> list[Worked]:
    """What was worked on these days. No stretch is longer than a day, so that none that began earlier reaches into them."""
    begins, ends = work.profile.midnight(first), work.profile.midnight(last + timedelta(days=1))
    found = (
        select(Clocking.line_id, Clocking.technician, Clocking.on_at, Clocking.off_at, OrderLine.payers)
        .join(OrderLine, OF_LINE)
        .where(
            Clocking.on_at >= begins - LONGEST,
            Clocking.on_at < ends,
            or_(Clocking.off_at.is_(None), Clocking.off_at > begins),
        )
    )
    return [_stretch(row, work.now) for row in work.execute(found)]


def _stretch(row: Any, now: datetime) -> Worked:
    paid = any(share["payer"] != "internal" for share in row.payers)
    return Worked(row.line_id, row.technician, row.on_at, row.off_at or max(now, row.on_at), paid)


def _finished(work: Work, first: date, last: date) -> list[Finished]:
    """The lines that were finished on these days, with all that was worked on them, whenever that was."""
    done = (
        select(Clocking.line_id, Clocking.technician, Clocking.on_at, Clocking.off_at, OrderLine.done_at, OrderLine.hours_units)
        .join(OrderLine, and_(OF_LINE, OrderLine.work_order_id == Clocking.work_order_id))
        .where(
            OrderLine.kind == Kind.LABOUR, OrderLine.state == State.APPROVED, *work.profile.within(OrderLine.done_at, first, last)
        )
    )
    lines: dict[str, tuple[date, int]] = {}
    minutes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in work.execute(done):
        lines[row.line_id] = work.profile.local(row.done_at).date(), row.hours_units or 0
        minutes[row.line_id][row.technician] += full_minutes(row.on_at, row.off_at or row.on_at)
    return [Finished(day, units, dict(minutes[line_id])) for line_id, (day, units) in lines.items()]
