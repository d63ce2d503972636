"""The stages of quality (Rule W11): the technician's own check, the team leader's, the final inspection; and its figures."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.booking.conversion import Formula
from contracts.shared import LineRef, Listing, Login, Name, one_to
from contracts.workshop.comeback import ComebackCause
from contracts.workshop.finding import WorkOrders
from contracts.workshop.order import WorkOrder

Stage = Literal["self", "team_leader", "final"]
"""自检, 班组长检验, 终检."""

TeamCheck = Literal["never", "of_teams", "always"]
"""不设班组长检验, 仅派给班组的工单, 所有工单."""

Findings = Annotated[str, text(1000)]


class ReportOwnFault(Command, service="workshop", answer=WorkOrder):
    """Record that a self-check did not pass.

    A technician who did work on the car found that lines of it are to be done again, before anybody else looked: they are open
    once more. It is signed and kept; it is no rework of the order.
    """

    work_order_id: Id
    findings: Findings
    rework_cause: ComebackCause
    rework_line_ids: list[LineRef] = one_to(200)


class CheckTeamWork(Command, service="workshop", answer=WorkOrder):
    """Record the team leader's check.

    By a foreman who did none of its work, before the final inspection; which orders need it is a setting of the dealer. A failed
    one says what was found, where it came from and which lines to redo: the car goes back to the technicians, and counts as
    rework.
    """

    work_order_id: Id
    passed: bool
    findings: Findings | None = None
    rework_cause: ComebackCause | None = None
    rework_line_ids: list[LineRef] | None = None


class ListTeamChecks(Query, Listing, service="workshop", answer=WorkOrders):
    """List the cars that wait for the team leader's check.

    Those that were handed in longest ago first.
    """


class CauseCount(Part):
    """How often work went back for one cause."""

    rework_cause: ComebackCause
    count: Annotated[int, whole(0)]


class QualityFigures(Part):
    """Cars inspected for the first time and passed at once, failed checks by their cause, and faults found by oneself.

    Rates are in basis points (10,000 are all), null where there is nothing to divide by.
    """

    inspected: Annotated[int, whole(0)]
    passed_first_time: Annotated[int, whole(0)]
    reworked: Annotated[int, whole(0)]
    self_found: Annotated[int, whole(0)]
    first_time_pass: int | None = None
    rework_rate: int | None = None
    causes: list[CauseCount]


class TechnicianQuality(Part):
    """The figures of one technician."""

    technician: Login
    technician_name: Name | None = None
    figures: QualityFigures


class Quality(Answer):
    """The figures of a period, by technician and in all, and how the rates are worked out."""

    from_day: date
    to_day: date
    as_of: datetime
    technicians: list[TechnicianQuality]
    total: QualityFigures
    formulas: list[Formula]


class MeasureQuality(Query, service="workshop", answer=Quality):
    """How much passes at the first time, and why work goes back.

    Of local days, both included; this month until today if none is given, at most 366 days. A car counts on the day of its first
    final inspection, for everybody who worked on it; it passed at the first time if that inspection passed and no team leader had
    sent it back. A failed check of a team leader or inspector counts for those who worked on the lines that are to be redone; if
    none is named, for everybody who worked on the car. In all, each counts once.

    first_time_pass = passed_first_time / inspected, rework_rate = reworked / inspected.
    """

    from_day: date | None = None
    to_day: date | None = None
