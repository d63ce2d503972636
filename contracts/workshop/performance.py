"""How much of their time technicians work, and how fast: productivity, efficiency, utilisation (Rule W9)."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Answer, Hours, Id, Part, Query, whole
from contracts.booking.conversion import Formula
from contracts.shared import Login, Name
from contracts.workshop.attendance import TeamName


class WorkingFigures(Part):
    """Full minutes, sold hours, and three rates in basis points (10,000 are all), null where there is nothing to divide by.

    `attended_minutes` is null if somebody of them worked who has no shifts: nobody knows how long they were there.
    """

    attended_minutes: Annotated[int | None, whole(0)] = None
    clocked_minutes: Annotated[int, whole(0)]
    customer_minutes: Annotated[int, whole(0)]
    sold_hours: Hours
    productivity: int | None = None
    efficiency: int | None = None
    utilisation: int | None = None


class TechnicianFigures(Part):
    """The figures of one technician."""

    technician: Login
    technician_name: Name | None = None
    team_name: TeamName | None = None
    figures: WorkingFigures


class TeamFigures(Part):
    """The figures of those who are in a team now, or lead it."""

    team_id: Id
    team_name: TeamName
    figures: WorkingFigures


class DayFigures(Part):
    """The figures of all on one local day."""

    day: date
    figures: WorkingFigures


class Performance(Answer):
    """The figures of a period, by technician, by team, by day and in all, and how the rates are worked out."""

    from_day: date
    to_day: date
    as_of: datetime
    technicians: list[TechnicianFigures]
    teams: list[TeamFigures]
    days: list[DayFigures]
    total: WorkingFigures
    formulas: list[Formula]


class MeasurePerformance(Query, service="workshop", answer=Performance):
    """How much of their time technicians work, and how fast.

    Of local days, both included; this month until today if none is given, at most 366 days. Attended is what the shifts say,
    without absences, as far as it is over. Clocked is what was worked on lines, each minute on its local day, and what runs until
    now; of that, customer is what was worked on lines that somebody else than the dealer itself (payer `internal`) pays for. Sold
    are the flat-rate hours of the lines that were finished on those days, shared by who worked on them for how long.

    productivity = clocked / attended, efficiency = sold / clocked, utilisation = customer / attended.
    """

    from_day: date | None = None
    to_day: date | None = None
